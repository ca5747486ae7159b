//! What nobody tells: mounts that come and go, decisions of other processes, the day, a broken watcher.

use crate::engine::clock;

use super::times::day_told;
use super::{Asked, Daemon, Error, TICK, chain, notify};

impl Daemon<'_> {
    /// Looks around twice a second.
    pub(super) fn tick(&mut self, asked: &Asked<'_>) -> Result<(), Error> {
        let now = self.now();
        if now.saturating_sub(self.ticked_at) < TICK {
            return Ok(());
        }
        self.ticked_at = now;
        notify(&[sd_notify::NotifyState::Watchdog]);
        if asked.reload.take() {
            tracing::warn!("the configuration is read at the start only: restart to use another one");
        }
        self.look_at_roots()?;
        self.look_for_decisions()?;
        let day = day_told(clock::now(), &self.workspace.zone);
        if self.day.is_some() && day != self.day {
            tracing::info!(day = ?day.map(|day| day.to_string()), "a new day");
            self.assessing.ask();
        }
        self.day = day;
        Ok(())
    }

    fn look_at_roots(&mut self) -> Result<(), Error> {
        if !self.workspace.folders.is_empty() && self.roots.len() < self.workspace.folders.len() {
            self.add_roots()?;
        }
        for number in 0..self.roots.len() {
            if self.roots[number].offline_since.is_some() {
                self.try_to_come_back(number)?;
            } else {
                self.look_after(number)?;
            }
        }
        Ok(())
    }

    /// A root that is there: is it still the same, and does its watcher live?
    fn look_after(&mut self, number: usize) -> Result<(), Error> {
        let now = self.began.elapsed();
        let config = self.workspace.config.watch;
        let root = &mut self.roots[number];
        if root.was_replaced() {
            if let Some(why) = self.session.doubt(&root.root)? {
                tracing::warn!(root = %root.root.path.display(), %why, "offline: its documents stand as last seen");
                root.go_offline(clock::now());
                return Ok(());
            }
            tracing::info!(root = %root.root.path.display(), "made anew: looked at whole");
            root.start_watching(&config, &self.rules, &self.intake.told, now);
            root.next_whole = now;
        }
        let Some(watcher) = &root.watcher else {
            if root.retry_watching_at.is_some_and(|at| at <= now) {
                root.start_watching(&config, &self.rules, &self.intake.told, now);
                if root.watcher.is_some() {
                    tracing::info!(root = %root.root.path.display(), "watched again");
                    root.next_whole = now;
                }
            }
            return Ok(());
        };
        if watcher.has_failed() {
            tracing::warn!(root = %root.root.path.display(), "the watcher broke down and is replaced");
            root.start_watching(&config, &self.rules, &self.intake.told, now);
            root.next_whole = now;
        } else if watcher.lost_changes() {
            root.overflowed(now);
            self.counts.overflows += 1;
            tracing::warn!(root = %root.root.path.display(), "changes came too fast and some were lost: all is looked at");
        }
        Ok(())
    }

    fn try_to_come_back(&mut self, number: usize) -> Result<(), Error> {
        let now = self.began.elapsed();
        let config = self.workspace.config.watch;
        let root = &mut self.roots[number];
        if self.session.doubt(&root.root)?.is_some() {
            return Ok(());
        }
        tracing::info!(root = %root.root.path.display(), "back online");
        root.offline_since = None;
        root.start_watching(&config, &self.rules, &self.intake.told, now);
        root.next_whole = now;
        Ok(())
    }

    /// Facts of other processes: they change statuses, and the index goes along with the head.
    fn look_for_decisions(&mut self) -> Result<(), Error> {
        let version = self.session.ledger().data_version()?;
        if version == self.data_version {
            return Ok(());
        }
        self.data_version = version;
        let said = self.session.ledger().last_said()?;
        if said != self.said {
            self.said = said;
            if let Err(error) = self.session.publish() {
                tracing::error!(error = %chain(&error), "the index could not follow; the next pass tries again");
            }
            self.assessing.ask();
        }
        Ok(())
    }
}

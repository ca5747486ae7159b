//! What a person sees while a pass runs: a bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::pass::Progress;

/// A bar on stderr.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// Shown only if stderr is a terminal and nobody asked for quiet.
    pub(crate) fn new(quiet: bool) -> Self {
        let hidden = quiet || !super::output::stderr_is_terminal();
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
            .expect("the template is constant and well-formed");
        bar.set_style(style);
        Self { bar }
    }
}

impl Progress for Bar {
    fn stage(&self, name: &str) {
        self.bar.set_message(name.to_owned());
    }

    fn found(&self, count: u64) {
        self.bar.inc_length(count);
    }

    fn done(&self, count: u64) {
        self.bar.inc(count);
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

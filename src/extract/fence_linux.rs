//! The layers of the fence on Linux: rlimits, no new privileges, landlock, seccomp.
//!
//! Apart from [`super::fence`] because each layer names calls of this system alone. Order matters: each layer forbids
//! what a later one no longer needs. `RLIMIT_NPROC` is left out on purpose: root is exempt, and at 0 it would stop a
//! service user's threads; seccomp bars new processes instead.

use std::fmt;
use std::io;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior, set_parent_process_death_signal, setrlimit,
};
use rustix::thread::set_no_new_privs;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use super::allowance::Allowance;
use super::child::READER_STACK_BYTES;
use super::fence::{FenceReport, Layer};
use super::limits::Limits;

/// Address space that the C library reserves for the heap of a second thread, used or not.
const THREAD_HEAP_BYTES: u64 = 64 << 20;
/// The three pipes, and what landlock opens while it is set up.
const DESCRIPTORS: u64 = 8;
/// The same for another program, which opens its libraries and data one after the other.
const PROGRAM_DESCRIPTORS: u64 = 64;

/// `CLONE_THREAD` of `clone(2)`: a thread of this process, not a process.
const CLONE_THREAD: u64 = 0x0001_0000;
const PROT_EXEC: u64 = 4;
const PR_SET_NAME: u64 = 15;

type SetUp = Box<dyn std::error::Error>;
type Rules = Vec<(i64, Vec<SeccompRule>)>;

/// Puts up every layer that this kernel has.
pub(super) fn raise(limits: &Limits) -> FenceReport {
    FenceReport {
        rlimits: layer(rlimits(limits)),
        no_new_privs: layer(privileges()),
        landlock: landlock().unwrap_or_else(|error| Layer::Off(error.to_string())),
        seccomp: layer(seccomp()),
    }
}

/// The fence of another program that this process is about to become: looser than a worker's, since it must load
/// itself, and put up as far as the kernel has it.
pub(super) fn raise_for_program(allowance: &Allowance) {
    let set = |resource, value: u64| setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) });
    // Each layer stands for itself: a missing one leaves the others.
    let _ = set(Resource::As, allowance.memory_bytes);
    let _ = set(Resource::Cpu, allowance.cpu_seconds);
    let _ = set(Resource::Fsize, 0);
    let _ = set(Resource::Core, 0);
    let _ = set(Resource::Nofile, PROGRAM_DESCRIPTORS);
    let _ = privileges();
    let _ = landlock_for_program(allowance);
    let unwanted = DEADLY.iter().filter(|call| !STARTING.contains(call)).map(|&call| (call, Vec::new())).collect();
    let _ = apply(unwanted, SeccompAction::Allow, SeccompAction::Errno(libc::EPERM.unsigned_abs()));
}

fn landlock_for_program(allowance: &Allowance) -> Result<(), landlock::RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V4))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?
        .add_rules(path_beneath_rules(&allowance.folders, AccessFs::from_read(ABI::V5)))?
        .restrict_self()?;
    Ok(())
}

fn layer<E: fmt::Display>(result: Result<(), E>) -> Layer {
    result.map_or_else(|error| Layer::Off(error.to_string()), |()| Layer::On)
}

fn rlimits(limits: &Limits) -> io::Result<()> {
    let set = |resource, value: u64| setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) });
    set(Resource::As, address_space(limits)?)?;
    // The parent moves the soft limit on before each file; the hard one ends a worker whose parent no longer can.
    setrlimit(Resource::Cpu, Rlimit { current: Some(limits.cpu_seconds), maximum: Some(limits.cpu_life_seconds()) })?;
    set(Resource::Fsize, 0)?;
    set(Resource::Core, 0)?;
    set(Resource::Nofile, DESCRIPTORS)?;
    Ok(())
}

/// The allowance, on top of the program's own mappings and of what the reader thread reserves before it reads.
fn address_space(limits: &Limits) -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmSize:"))
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok())
        .ok_or_else(|| io::Error::other("no VmSize in /proc/self/status"))?;
    let before = kib.saturating_mul(1024).saturating_add(READER_STACK_BYTES as u64).saturating_add(THREAD_HEAP_BYTES);
    Ok(before.saturating_add(limits.memory_bytes))
}

fn privileges() -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    set_no_new_privs(true)?;
    Ok(())
}

/// Handles every right and grants none: no path at all can be opened.
fn landlock() -> Result<Layer, landlock::RulesetError> {
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V4))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?
        .restrict_self()?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => Layer::On,
        RulesetStatus::PartiallyEnforced => Layer::Partly(format!("{:?}", status.landlock)),
        RulesetStatus::NotEnforced => Layer::Off(format!("{:?}", status.landlock)),
    })
}

/// Three filters, of which the strictest answer counts: death for what no reader ever does, a fallback from `clone3`
/// (whose flags a filter cannot see) to `clone`, and EPERM for whatever is not on the list.
fn seccomp() -> Result<(), SetUp> {
    let deadly = DEADLY.iter().map(|&call| (call, Vec::new())).collect();
    apply(deadly, SeccompAction::Allow, SeccompAction::KillProcess)?;
    let unseen = vec![(libc::SYS_clone3, Vec::new())];
    apply(unseen, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS.unsigned_abs()))?;
    apply(allowed()?, SeccompAction::Errno(libc::EPERM.unsigned_abs()), SeccompAction::Allow)
}

fn apply(rules: Rules, otherwise: SeccompAction, on_match: SeccompAction) -> Result<(), SetUp> {
    let filter =
        SeccompFilter::new(rules.into_iter().collect(), otherwise, on_match, std::env::consts::ARCH.try_into()?)?;
    let program: BpfProgram = filter.try_into()?;
    seccompiler::apply_filter_all_threads(&program)?;
    Ok(())
}

/// What the readers use, and of calls that can do more, only the harmless form.
fn allowed() -> Result<Rules, SetUp> {
    let when = |argument, operator, value| -> Result<Vec<SeccompRule>, SetUp> {
        let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Qword, operator, value)?;
        Ok(vec![SeccompRule::new(vec![condition])?])
    };
    let mut rules: Rules = PLAIN.iter().chain(PLAIN_HERE).map(|&call| (call, Vec::new())).collect();
    // Memory, but never memory that runs.
    rules.push((libc::SYS_mmap, when(2, SeccompCmpOp::MaskedEq(PROT_EXEC), 0)?));
    rules.push((libc::SYS_mprotect, when(2, SeccompCmpOp::MaskedEq(PROT_EXEC), 0)?));
    rules.push((libc::SYS_clone, when(0, SeccompCmpOp::MaskedEq(CLONE_THREAD), CLONE_THREAD)?));
    rules.push((libc::SYS_prctl, when(0, SeccompCmpOp::Eq, PR_SET_NAME)?));
    // Asking for a limit, not setting one.
    rules.push((libc::SYS_prlimit64, when(2, SeccompCmpOp::Eq, 0)?));
    Ok(rules)
}

#[rustfmt::skip]
const PLAIN: &[i64] = &[
    libc::SYS_read, libc::SYS_write, libc::SYS_readv, libc::SYS_writev, libc::SYS_close, libc::SYS_ppoll,
    libc::SYS_mremap, libc::SYS_munmap, libc::SYS_madvise, libc::SYS_brk,
    libc::SYS_futex, libc::SYS_sched_yield, libc::SYS_sched_getaffinity, libc::SYS_getrandom,
    libc::SYS_clock_gettime, libc::SYS_clock_nanosleep, libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction, libc::SYS_rt_sigprocmask, libc::SYS_rt_sigreturn, libc::SYS_sigaltstack,
    libc::SYS_gettid, libc::SYS_getpid, libc::SYS_tgkill, libc::SYS_exit, libc::SYS_exit_group,
    libc::SYS_rseq, libc::SYS_set_robust_list, libc::SYS_clone3,
];

#[cfg(target_arch = "x86_64")]
const PLAIN_HERE: &[i64] = &[libc::SYS_poll, libc::SYS_time];
#[cfg(not(target_arch = "x86_64"))]
const PLAIN_HERE: &[i64] = &[];

/// A reader that tries one of these has been taken over.
#[rustfmt::skip]
const DEADLY: &[i64] = &[
    libc::SYS_execve, libc::SYS_execveat, libc::SYS_socket, libc::SYS_socketpair, libc::SYS_connect, libc::SYS_bind,
    libc::SYS_ptrace, libc::SYS_process_vm_readv, libc::SYS_process_vm_writev, libc::SYS_pidfd_getfd,
    libc::SYS_bpf, libc::SYS_perf_event_open, libc::SYS_userfaultfd, libc::SYS_io_uring_setup,
    libc::SYS_mount, libc::SYS_unshare, libc::SYS_setns, libc::SYS_keyctl, libc::SYS_init_module,
    libc::SYS_finit_module, libc::SYS_kexec_load,
];

/// Of those, what it takes to become another program.
const STARTING: &[i64] = &[libc::SYS_execve, libc::SYS_execveat];

#[cfg(test)]
mod tests {
    use std::net::{TcpStream, UdpSocket};
    use std::os::unix::net::UnixDatagram;
    use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
    use std::process::{Command, ExitStatus, Stdio};

    use super::*;

    /// Names the attack that [`attacker`] makes; not set in an ordinary run of the tests.
    const ATTACK: &str = "EVIDEX_TEST_ATTACK";
    const REFUSED: i32 = 10;
    const ALLOWED: i32 = 11;
    const SIGSYS: i32 = 31;
    const SIGXCPU: i32 = 24;

    /// Runs only when started by a test below: fences this process, then tries to break out of it.
    #[test]
    fn attacker() {
        let Ok(attack) = std::env::var(ATTACK) else { return };
        let report = raise(&Limits { cpu_seconds: 1, ..Limits::default() });
        assert_eq!(report.seccomp, Layer::On);
        std::process::exit(if try_to(&attack) { ALLOWED } else { REFUSED });
    }

    fn try_to(attack: &str) -> bool {
        match attack {
            "read a file" => std::fs::read("/etc/passwd").is_ok(),
            "list a folder" => std::fs::read_dir("/").is_ok(),
            "ask after a file" => std::fs::metadata("/etc/passwd").is_ok(),
            "read its own environment" => std::fs::read("/proc/self/environ").is_ok(),
            "write a file" => std::fs::write(std::env::temp_dir().join("evidex-attack"), "x").is_ok(),
            "connect" => TcpStream::connect("127.0.0.1:9").is_ok(),
            "send" => UdpSocket::bind("127.0.0.1:0").is_ok(),
            "talk to a neighbour" => UnixDatagram::unbound().is_ok(),
            // The standard library forks before it starts a program: this is refused already.
            "start a program" => Command::new("/bin/true").status().is_ok(),
            // Comes back only if it was refused.
            "become another program" => {
                let _ = Command::new("/bin/true").exec();
                false
            }
            "kill its parent" => rustix::process::getppid()
                .is_some_and(|parent| rustix::process::kill_process(parent, Signal::URG).is_ok()),
            "raise its limits" => setrlimit(Resource::Nofile, Rlimit { current: Some(1), maximum: Some(1) }).is_ok(),
            "take 2 GiB" => Vec::<u8>::new().try_reserve_exact(2 << 30).is_ok(),
            "run a thread" => std::thread::spawn(|| 1).join().is_ok(),
            "use 100 MiB" => Vec::<u8>::new().try_reserve_exact(100 << 20).is_ok(),
            "spin" => loop {
                std::hint::black_box(0);
            },
            other => panic!("no such attack: {other}"),
        }
    }

    fn end_of(attack: &str) -> ExitStatus {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "extract::fence_linux::tests::attacker", "--test-threads=1"])
            .env(ATTACK, attack)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
    }

    #[test]
    fn every_attack_fails() {
        for attack in [
            "read a file",
            "list a folder",
            "ask after a file",
            "read its own environment",
            "write a file",
            "start a program",
            "kill its parent",
            "raise its limits",
            "take 2 GiB",
        ] {
            assert_eq!(end_of(attack).code(), Some(REFUSED), "{attack}");
        }
        for attack in ["connect", "send", "talk to a neighbour", "become another program"] {
            assert_eq!(end_of(attack).signal(), Some(SIGSYS), "{attack}");
        }
        assert_eq!(end_of("spin").signal(), Some(SIGXCPU));
    }

    #[test]
    fn what_readers_need_is_left_to_them() {
        for need in ["run a thread", "use 100 MiB"] {
            assert_eq!(end_of(need).code(), Some(ALLOWED), "{need}");
        }
    }
}

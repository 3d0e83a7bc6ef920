//! One run of the command.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::filters::Filters;
use super::output::Output;

/// A run that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(120);

/// A command line, not run yet. Its environment holds what it is given and nothing else.
#[must_use = "run it"]
pub(crate) struct Invocation {
    command: Command,
    filters: Filters,
}

impl Invocation {
    pub(super) fn new(folder: &Path, filters: Filters) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_manage"));
        command
            .current_dir(folder)
            .env_clear()
            .envs([
                ("USER", "tester"),
                ("HOSTNAME", "testhost"),
                ("NO_COLOR", "1"),
                ("COLUMNS", "100"),
            ])
            .env("HOME", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self { command, filters }
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Stops the command's clock at a second since 1970.
    pub(crate) fn at(self, seconds: i64) -> Self {
        self.env("SOURCE_DATE_EPOCH", seconds.to_string())
    }

    /// Runs it in another folder.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// The same without the right of root to pass over permissions, where root runs the tests.
    pub(crate) fn obeying_permissions(self) -> Self {
        let is_root = Command::new("id")
            .arg("-u")
            .output()
            .is_ok_and(|output| output.stdout == b"0\n");
        if !is_root {
            return self;
        }
        self.through("setpriv", &["--bounding-set=-all", "--inh-caps=-all"])
    }

    /// The same where a hangup is not ignored, as it is for all that `nohup` runs.
    pub(crate) fn hearing_hangups(self) -> Self {
        self.through("env", &["--default-signal=HUP"])
    }

    /// The same as a service runs it: no terminal belongs to it.
    pub(crate) fn without_terminal(self) -> Self {
        self.through("setsid", &[])
    }

    /// The same, started by another program that becomes it.
    fn through(self, program: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .arg(self.command.get_program())
            .args(self.command.get_args())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, value) in self.command.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        if let Some(folder) = self.command.get_current_dir() {
            command.current_dir(folder);
        }
        Self { command, ..self }
    }

    /// The command as it would be run, for a test that runs it in a way of its own.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs it to its end.
    #[must_use = "check how it ended"]
    #[track_caller]
    pub(crate) fn run(self) -> Output {
        self.start().wait()
    }

    /// Starts it.
    #[track_caller]
    pub(crate) fn start(mut self) -> Running {
        let mut child = self.command.spawn().expect("the command can be started");
        let stdout = read(child.stdout.take());
        let stderr = read(child.stderr.take());
        Running {
            child,
            stdout: Some(stdout),
            stderr: Some(stderr),
            filters: self.filters,
            begun: Instant::now(),
            peak: None,
        }
    }
}

/// What has come of a stream so far.
struct Reader {
    thread: thread::JoinHandle<()>,
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Reader {
    fn so_far(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Reads a stream to its end, so that a full pipe never stops the process.
fn read(stream: Option<impl Read + Send + 'static>) -> Reader {
    let bytes = Arc::<Mutex<Vec<u8>>>::default();
    let come = Arc::clone(&bytes);
    let thread = thread::spawn(move || {
        let Some(mut stream) = stream else { return };
        let mut part = [0; 8192];
        // What was read until then is what there is.
        while let Ok(length @ 1..) = stream.read(&mut part) {
            let mut come = come.lock().unwrap_or_else(PoisonError::into_inner);
            come.extend_from_slice(&part[..length]);
        }
    });
    Reader { thread, bytes }
}

/// A process under way; it is killed if the test ends before it does.
#[must_use = "wait for it"]
pub(crate) struct Running {
    child: Child,
    stdout: Option<Reader>,
    stderr: Option<Reader>,
    filters: Filters,
    begun: Instant,
    peak: Option<u64>,
}

impl Running {
    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name: `INT`, `KILL`.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status()
            .expect("there is a `kill`");
        assert!(status.success(), "the process is gone already");
    }

    /// Waits until the conversation has a text in it.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) {
        loop {
            let ended = matches!(self.child.try_wait(), Ok(Some(_)));
            let said = self.stderr.as_ref().map(Reader::so_far).unwrap_or_default();
            if said.contains(text) {
                return;
            }
            assert!(
                !ended && self.begun.elapsed() < LONGEST,
                "`{text}` did not come:\n{said}"
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for its end.
    #[must_use = "check how it ended"]
    #[track_caller]
    pub(crate) fn wait(mut self) -> Output {
        let status = loop {
            self.peak = peak(self.child.id()).max(self.peak);
            if let Some(status) = self.child.try_wait().expect("a process can be waited for") {
                break status;
            }
            assert!(
                self.begun.elapsed() < LONGEST,
                "still running after {LONGEST:?}"
            );
            let young = self.begun.elapsed() < Duration::from_secs(1);
            thread::sleep(Duration::from_millis(if young { 2 } else { 20 }));
        };
        let text = |reader: Option<Reader>| {
            let Some(Reader { thread, bytes }) = reader else {
                return String::new();
            };
            thread.join().expect("reading does not panic");
            let bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let answer = text(self.stdout.take());
        let conversation = text(self.stderr.take());
        Output {
            status: status.code(),
            stdout: self.filters.apply(&answer),
            answer,
            stderr: self.filters.apply(&conversation),
            peak: self.peak,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The most memory a process held so far; only Linux tells.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

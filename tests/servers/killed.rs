//! Runs that are killed, at every statement and at any moment: one more run brings them to their end.

mod cases;
mod committing;
mod resumed;
mod sessions;
mod world;

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::laws::random::Random;
use crate::support::{BACKENDS, Output, Project, Server};
use crate::trials::Trials;

/// How many runs of each direction are killed; the whole number is asked for by the variable.
const KILLS: usize = 24;

/// The variable that asks for another number.
const VARIABLE: &str = "MANAGE_TEST_KILLS";

pub(crate) fn add(trials: &mut Trials) {
    trials.on(&BACKENDS, "killed::the_next_run_finishes_it", killed);
    trials.on(&BACKENDS, "killed::half_a_redo_is_finished", redone);
    cases::add(trials);
    committing::add(trials);
    resumed::add(trials);
    sessions::add(trials);
}

#[expect(
    clippy::disallowed_methods,
    reason = "the environment of the tests, not of the command"
)]
fn kills() -> usize {
    std::env::var(VARIABLE)
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(KILLS)
}

/// When a run is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// When it has said that so many statements are done.
    Statements(usize),
    /// After some time.
    After(Duration),
}

/// One direction of the project: the command, and what it has to reach.
struct Way {
    command: &'static str,
    /// What finishes it.
    finish: &'static str,
    /// What an undisturbed run leaves.
    reached: Vec<String>,
    /// How many statements it has, and how long it takes.
    statements: usize,
    elapsed: Duration,
}

fn killed(server: &Server) {
    let project = Project::on(server);
    world::write(&project, server.backend());
    let _ = project.run("migrate 2026-01-01").ok();
    let forth = Way::undisturbed("migrate", "migrate", server, &project);
    let line = "downgrade 2026-01-01 -y";
    let back = Way::undisturbed(line, line, server, &project);
    let mut random = Random::new(20_261_127);
    let mut halfway = 0;
    for number in 0..kills() {
        world::refresh(server);
        for way in [&forth, &back] {
            let moment = way.moment(number, &mut random);
            let is_halfway = way.kill(moment, server, &project);
            halfway += usize::from(is_halfway);
        }
    }
    // Where a transaction protects all of it, nothing is ever half-done; no project here is so.
    assert!(halfway > 0, "no kill hit a migration in the middle");
}

/// Both halves of a `redo` are killed, and between them: an ordinary way forwards finishes it.
fn redone(server: &Server) {
    let project = Project::on(server);
    world::write(&project, server.backend());
    let _ = project.run("migrate").ok();
    let way = Way::undisturbed("redo -2 -y", "migrate", server, &project);
    let mut random = Random::new(20_261_128);
    let mut halfway = 0;
    for number in 0..kills() {
        world::refresh(server);
        let moment = way.moment(number, &mut random);
        halfway += usize::from(way.kill(moment, server, &project));
    }
    assert!(halfway > 0, "no kill hit a migration in the middle");
}

impl Way {
    fn undisturbed(
        command: &'static str,
        finish: &'static str,
        server: &Server,
        project: &Project,
    ) -> Self {
        let begun = Instant::now();
        let out = project.run(&format!("{command} -v")).ok();
        Self {
            command,
            finish,
            elapsed: begun.elapsed(),
            statements: out.stderr.lines().filter(|line| is_statement(line)).count(),
            reached: world::state(server),
        }
    }

    /// When the run of a number is killed: after a statement, from the first to the last as the numbers go on,
    /// and at any moment in between.
    fn moment(&self, number: usize, random: &mut Random) -> Moment {
        if number.is_multiple_of(2) {
            return Moment::Statements(1 + number * self.statements / kills());
        }
        let most = self.elapsed.as_micros() * 5 / 4;
        let most = usize::try_from(most).expect("a run takes no year");
        let after = u64::try_from(random.below(most)).expect("it is below a year");
        Moment::After(Duration::from_micros(after))
    }

    /// Kills a run and finishes it by another. Whether it was in the middle of a migration.
    fn kill(&self, moment: Moment, server: &Server, project: &Project) -> bool {
        let command = project
            .manage(&format!("{} -v", self.command))
            .into_command();
        let _ = kill(command, moment);
        let is_halfway = world::is_halfway(server);
        let out = self.finish(project);
        assert!(
            out.status == Some(0),
            "{} killed at {moment:?} was not finished:\n{out}",
            self.command
        );
        let state = world::state(server);
        assert!(
            state == self.reached,
            "{} killed at {moment:?} left\n{}\nand not\n{}\n{out}",
            self.command,
            state.join("\n"),
            self.reached.join("\n"),
        );
        is_halfway
    }

    fn finish(&self, project: &Project) -> Output {
        project.run(&format!(
            "{} -v --on-unfinished resume --in-doubt retry --no-input",
            self.finish
        ))
    }
}

fn is_statement(line: &str) -> bool {
    line.starts_with("    ")
        && line
            .trim_start()
            .split_once('/')
            .is_some_and(|(number, _)| number.parse::<usize>().is_ok())
}

/// Starts a command and ends it by SIGKILL; one that is done before that is just done.
fn kill(mut command: Command, moment: Moment) -> ExitStatus {
    let mut child = command.spawn().expect("the command can be started");
    let stderr = child.stderr.take().expect("it is a pipe");
    let lines = BufReader::new(stderr).lines().map_while(Result::ok);
    match moment {
        Moment::Statements(number) => {
            // Ends when the process does.
            let _ = lines
                .filter(|line| is_statement(line))
                .nth(number.saturating_sub(1));
        }
        Moment::After(time) => thread::sleep(time),
    }
    let _ = child.kill();
    child.wait().expect("a process can be waited for")
}

/// Waits until a session of the test's server runs a statement with these words.
fn wait_for(server: &Server, words: &str) {
    let mut probe = server.probe();
    let query = match server.backend() {
        Backend::Sqlite => panic!("a file has no sessions"),
        Backend::Postgres => format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid() AND query LIKE '%{words}%' AND state = 'active'"
        ),
        Backend::Mysql => format!(
            "SELECT count(*) FROM information_schema.processlist WHERE db = database() \
             AND id <> connection_id() AND info LIKE '%{words}%'"
        ),
    };
    let begun = Instant::now();
    while probe.value(&query) == "0" {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
        thread::sleep(Duration::from_millis(10));
    }
}

use clap::error::ErrorKind;

use super::*;
use crate::error::CommandError;

/// Water the plants
#[derive(clap::Args)]
struct Water {
    /// How much
    litres: u8,
}

impl Command for Water {
    const NAME: &'static str = "water";
    const ALIASES: &'static [&'static str] = &["sprinkle"];

    fn run(self, _: &mut Context) -> Result<Outcome, CommandError> {
        Ok(if self.litres > 0 {
            Outcome::Done
        } else {
            Outcome::Findings
        })
    }
}

/// Look at the plants
#[derive(clap::Args)]
struct Check {}

impl Command for Check {
    const NAME: &'static str = "check";

    fn run(self, _: &mut Context) -> Result<Outcome, CommandError> {
        Ok(Outcome::Done)
    }
}

fn help(cli: &Cli) -> String {
    cli.clap().render_help().to_string()
}

#[test]
fn the_command_line_makes_sense() {
    Cli::new().command::<Water>().clap().debug_assert();
}

#[test]
fn a_project_s_own_commands_have_a_group_of_their_own_at_the_end() {
    let help = help(&Cli::new().command::<Water>().command::<Check>());
    assert!(
        help.contains(
            "\nThis project's own:\n  water             Water the plants [alias: sprinkle]\n  \
             check             Look at the plants\n\nEverywhere:\n"
        ),
        "{help}"
    );
    assert!(
        help.contains("\nCheck:\n  verify            "),
        "one of the same name gives way: {help}"
    );
}

#[test]
fn without_commands_of_its_own_there_is_no_such_group() {
    assert!(!help(&Cli::new()).contains("own:"));
}

#[test]
fn below_db_are_the_same_commands() {
    let cli = Cli::new().command::<Water>();
    let line = cli.clap();
    let names = |command: &clap::Command| -> Vec<String> {
        command
            .get_subcommands()
            .map(|command| command.get_name().to_owned())
            .filter(|name| name != "db")
            .collect()
    };
    let db = line.find_subcommand("db").expect("the group is there");
    assert_eq!(names(&line), names(db));
    for group in ["db", "database", "migration"] {
        let words = ["manage", "-q", group, "sprinkle", "2", "-d", "main"];
        let matches = line
            .clone()
            .try_get_matches_from(words)
            .expect("it is parsed");
        let everywhere = Everywhere::from_arg_matches(&matches).expect("it is parsed");
        assert_eq!(everywhere.database, ["main"]);
        assert!(everywhere.quiet);
    }
}

#[test]
fn grafted_into_another_program_it_is_the_same() {
    let cli = Cli::new().command::<Water>();
    let shop = clap::Command::new("shop").subcommand(cli.clap().name("db"));
    shop.clone().debug_assert();
    let matches = shop
        .clone()
        .try_get_matches_from(["shop", "db", "water", "1", "--yes"])
        .expect("it is parsed");
    let (name, matches) = matches.subcommand().expect("there is one");
    assert_eq!(name, "db");
    assert!(
        Everywhere::from_arg_matches(matches)
            .expect("it is parsed")
            .yes
    );
    let help = shop
        .try_get_matches_from(["shop", "db", "migrate", "--help"])
        .expect_err("help is no command");
    assert_eq!(help.kind(), ErrorKind::DisplayHelp);
    assert!(
        help.to_string()
            .contains("Usage: shop db migrate [OPTIONS] [TARGET]"),
        "{help}"
    );
}

#[test]
fn a_group_s_words_are_words_of_its_commands() {
    let line = Cli::new().clap();
    let typed = |words: &[&str]| {
        let words = std::iter::once("manage").chain(words.iter().copied());
        let matches = line
            .clone()
            .try_get_matches_from(words)
            .expect("it is parsed");
        let (group, matches) = matches.subcommand().expect("there is one");
        let command = matches.subcommand_name().unwrap_or_default();
        format!("{group} {command}")
    };
    assert_eq!(typed(&["database", "create"]), "db createdb");
    assert_eq!(typed(&["database", "drop"]), "db dropdb");
    assert_eq!(typed(&["database", "reset"]), "db resetdb");
    assert_eq!(typed(&["migration", "run"]), "db migrate");
    assert_eq!(typed(&["migration", "generate", "x"]), "db revision");
}

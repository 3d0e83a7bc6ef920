//! The same commands once more below `db`, as the wrappers of other tools have them, with the words that
//! are used there.

use clap::builder::Str;

use crate::commands::Group;

/// What the group is called: by Flask and Ellar, by Litestar and `diesel`, by `fastapi_sqlalchemy` and
/// `diesel`.
pub(super) const NAMES: [&str; 3] = ["db", "database", "migration"];

/// What commands are called inside of it, mostly by `diesel`.
const INSIDE: [(&str, &[&str]); 5] = [
    ("createdb", &["create"]),
    ("dropdb", &["drop"]),
    ("migrate", &["run"]),
    ("resetdb", &["reset"]),
    ("revision", &["generate"]),
];

/// The group, which stands in no list.
pub(super) fn group(commands: &[(Group, clap::Command)], template: String) -> clap::Command {
    let inside = |command: &clap::Command| {
        let aliases = INSIDE
            .iter()
            .filter(|(name, _)| *name == command.get_name())
            .flat_map(|(_, aliases)| aliases.iter().copied().map(Str::from));
        command.clone().aliases(aliases)
    };
    clap::Command::new(NAMES[0])
        .aliases(&NAMES[1..])
        .about("The same commands, for those who are used to typing `db` before them")
        .hide(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .help_template(template)
        .after_help(super::EXIT_CODES)
        .subcommands(commands.iter().map(|(_, command)| inside(command)))
}

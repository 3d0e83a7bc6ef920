//! The table of contents: every listed command, below the heading of its group.

use std::fmt::Write;

use clap::builder::Styles;

use crate::commands::Group;

/// The lines of the contents as clap lays them out, all in one go so that every group is in line with
/// the others, and then the headings between.
pub(super) fn contents(commands: &[(Group, clap::Command)], width: usize) -> String {
    let mut listed: Vec<_> = commands
        .iter()
        .filter(|(group, _)| *group != Group::Unlisted)
        .collect();
    listed.sort_by_key(|(group, _)| *group);
    let lines = listed.iter().enumerate().map(|(order, (_, command))| {
        clap::Command::new(command.get_name().to_owned())
            .about(command.get_about().cloned().unwrap_or_default())
            .visible_aliases(command.get_visible_aliases().map(str::to_owned))
            .display_order(order)
    });
    let list = clap::Command::new("list")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .max_term_width(width)
        .help_template("{subcommands}")
        .subcommands(lines)
        .render_help();
    let (plain, styled) = (list.to_string(), list.ansi().to_string());
    let mut next = listed.iter().peekable();
    let mut under = None;
    let mut text = String::new();
    for (plain, styled) in plain.lines().zip(styled.lines()) {
        if let Some((group, _)) = next.next_if(|(_, command)| begins(plain, command.get_name()))
            && under != Some(group)
        {
            under = Some(group);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", heading(group.heading()));
        }
        text.push_str(styled.trim_end());
        text.push('\n');
    }
    text
}

/// A heading as clap styles its own.
pub(super) fn heading(text: &str) -> String {
    let styles = Styles::default();
    let style = styles.get_header();
    format!("{style}{text}:{style:#}")
}

/// What goes on from the line above is indented further.
fn begins(line: &str, name: &str) -> bool {
    line.strip_prefix("  ")
        .and_then(|line| line.strip_prefix(name))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

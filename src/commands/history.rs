//! `manage history`: which migration follows which, as a list or a graph.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::each::each;
use super::files::{Applied, Files};
use super::registry::{Command, Outcome, TARGETS};
use super::resolve::warn;
use super::schema_file::current;
use super::whole_file::write_whole;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, Conflict, Standing};
use crate::migration::{Node, Range, Version};
use crate::settings::Connection;
use crate::ui::{self, Drawing, Letters, Order, View};

/// Show which migration follows which, newest first
///
/// Where lines of migrations have parted, they are drawn as a graph. Only files are read, unless -i or
/// a place such as `current` asks for the database; nothing is created there. With -v also what each
/// follows, its branches, its folder and what it is for.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct History {
    /// Which: a range a:b with both ends, or a target and all that leads to it [default: every one]
    #[arg(value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<String>,

    /// The same, as Alembic has it
    #[arg(
        short = 'r',
        long = "range",
        alias = "rev-range",
        value_name = "RANGE",
        allow_hyphen_values = true,
        conflicts_with = "range"
    )]
    rev_range: Option<String>,

    /// Oldest first
    #[arg(long)]
    reverse: bool,

    /// Ask the database, and mark what is applied and where it stands
    #[arg(short, long)]
    indicate_current: bool,

    /// The form
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = Form::Text)]
    format: Form,

    /// Write to this file, if it differs
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What it is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Lines of text; a graph where there are branches
    Text,
    /// The same, with no letter that is not ASCII
    Ascii,
    /// A flowchart for Markdown
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// A picture for a browser
    Svg,
}

impl Command for History {
    const NAME: &'static str = "history";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        if self.output.is_some() {
            let connection = context.connection()?;
            return self.one(context, connection);
        }
        each(context, |connection| self.one(context, connection))
    }
}

impl History {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let range = self.range.as_ref().or(self.rev_range.as_ref());
        let range = range
            .map(|text| Range::up_to_or_between(text))
            .transpose()?;
        let files = Files::look(context, connection)?;
        let asks = self.indicate_current || range.as_ref().is_some_and(Range::depends_on_database);
        let memory = if asks {
            Some(files.ask(context)?.1)
        } else {
            None
        };
        let wanted = match &range {
            None => None,
            Some(range) => {
                let known = files.known(memory.as_ref());
                let landmarks = executor::landmarks(&known);
                Some(range.stretch(&files.graph, &landmarks)?)
            }
        };
        let nodes = self.nodes(&files, wanted.as_ref());
        let marked = memory.as_ref().filter(|_| self.indicate_current);
        let applied = marked.map(|memory| Applied::of(&files, memory));
        let nothing = BTreeSet::new();
        let verbose = context.ui.is_verbose();
        let descriptions = if verbose || context.ui.is_json() {
            Files::descriptions(nodes.iter().copied())
        } else {
            std::collections::BTreeMap::new()
        };
        let view = View {
            graph: &files.graph,
            applied: applied.as_ref().map(|applied| &applied.versions),
            current: applied
                .as_ref()
                .map_or(&nothing, |applied| &applied.current),
            descriptions: &descriptions,
            verbose,
        };
        self.show(context, &files, &view, &nodes)?;
        if let Some(memory) = marked {
            let missing = Standing::of(&files.directory, &files.graph, memory).missing;
            if !missing.is_empty() {
                warn(context, &[Conflict::Missing(missing)]);
            }
        }
        Ok(Outcome::Done)
    }

    /// The migrations in question, in the order they are shown.
    fn nodes<'a>(&self, files: &'a Files, wanted: Option<&BTreeSet<Version>>) -> Vec<&'a Node> {
        let nodes = files
            .graph
            .nodes()
            .iter()
            .filter(|node| wanted.is_none_or(|wanted| wanted.contains(&node.version)));
        if self.reverse {
            nodes.collect()
        } else {
            nodes.rev().collect()
        }
    }

    fn show(
        &self,
        context: &Context,
        files: &Files,
        view: &View<'_>,
        nodes: &[&Node],
    ) -> Result<(), CommandError> {
        let name = &files.connection.name;
        if context.ui.is_json() && self.output.is_none() {
            let json = match self.format {
                Form::Text | Form::Ascii => {
                    let all: Vec<_> = nodes.iter().map(|node| view.json(node)).collect();
                    json!({ "connection": name, "migrations": all })
                }
                Form::Mermaid | Form::Dot | Form::Svg => json!({
                    "connection": name,
                    "format": self.form_name(),
                    "text": self.text(context, view, nodes),
                }),
            };
            context.ui.answer(&json.to_string());
            return Ok(());
        }
        let text = self.text(context, view, nodes);
        if let Some(file) = &self.output {
            // What a terminal would understand has no place in a file.
            let plain = ui::without_style(&text);
            return write(context, &context.environment.directory.join(file), &plain);
        }
        match self.format {
            Form::Text | Form::Ascii => {
                let place = files.place();
                context.ui.answer(&ui::history_heading(
                    name,
                    &place,
                    &files.graph,
                    nodes.len(),
                ));
                if !text.is_empty() {
                    context.ui.answer(text.trim_end());
                }
            }
            Form::Mermaid | Form::Dot | Form::Svg => context.ui.answer(text.trim_end()),
        }
        Ok(())
    }

    fn text(&self, context: &Context, view: &View<'_>, nodes: &[&Node]) -> String {
        let order = if self.reverse {
            Order::OldestFirst
        } else {
            Order::NewestFirst
        };
        let drawing = || Drawing::of(&ui::next_rows(view.graph, nodes, order));
        let letters = match self.format {
            Form::Ascii => Letters::Ascii,
            Form::Text | Form::Mermaid | Form::Dot | Form::Svg => Letters::of(&context.environment),
        };
        match self.format {
            Form::Text | Form::Ascii => {
                let width = context.ui.width().filter(|_| self.output.is_none());
                let lines = ui::history(view, nodes, &drawing(), letters, width);
                lines
                    .iter()
                    .flat_map(|line| [line.as_str(), "\n"])
                    .collect()
            }
            Form::Mermaid => ui::mermaid(view, nodes),
            Form::Dot => ui::dot(view, nodes),
            Form::Svg => ui::svg(view, nodes, &drawing()),
        }
    }

    fn form_name(&self) -> &'static str {
        match self.format {
            Form::Text => "text",
            Form::Ascii => "ascii",
            Form::Mermaid => "mermaid",
            Form::Dot => "dot",
            Form::Svg => "svg",
        }
    }
}

fn write(context: &Context, path: &Path, text: &str) -> Result<(), CommandError> {
    let shown = context.shown(path);
    let shown = shown.display();
    if current(path)?.is_some_and(|current| current == text) {
        context.ui.status(&format!("{shown} is up to date."));
    } else {
        write_whole(path, text)?;
        context.ui.status(&format!("wrote {shown}"));
    }
    Ok(())
}

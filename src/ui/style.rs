//! Names of styles; the only colours.

use console::{Style, style};

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Applies the choice to both streams.
    pub(super) fn apply(self, no_color: bool) {
        let forced = match self {
            Self::Always => Some(true),
            Self::Never => Some(false),
            Self::Auto if no_color => Some(false),
            Self::Auto => None,
        };
        if let Some(on) = forced {
            console::set_colors_enabled(on);
            console::set_colors_enabled_stderr(on);
        }
    }
}

/// What a piece of text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Error,
    Warning,
    Hint,
    Done,
    Pending,
    Strange,
    Name,
    Faint,
}

impl Meaning {
    fn style(self) -> Style {
        match self {
            Self::Error => Style::new().red().bold(),
            Self::Warning => Style::new().yellow().bold(),
            Self::Hint => Style::new().cyan().bold(),
            Self::Done => Style::new().green(),
            Self::Pending => Style::new().yellow(),
            Self::Strange => Style::new().red(),
            Self::Name => Style::new().bold(),
            Self::Faint => Style::new().dim(),
        }
    }
}

/// Text for stdout.
pub(super) fn paint(meaning: Meaning, text: &str) -> String {
    meaning.style().apply_to(text).to_string()
}

/// A piece of a lane of the graph, for stdout: lanes beside each other differ.
pub(super) fn paint_lane(number: usize, text: &str) -> String {
    let style = match number % 6 {
        0 => Style::new().blue(),
        1 => Style::new().magenta(),
        2 => Style::new().cyan(),
        3 => Style::new().yellow(),
        4 => Style::new().green(),
        _ => Style::new().red(),
    };
    style.apply_to(text).to_string()
}

/// Text for stderr.
pub(super) fn paint_stderr(meaning: Meaning, text: &str) -> String {
    meaning
        .style()
        .for_stderr()
        .apply_to(style(text))
        .to_string()
}

/// The text alone, for a file.
#[must_use]
pub fn without_style(text: &str) -> String {
    console::strip_ansi_codes(text).into_owned()
}

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::{Drawing, Letters, Order, View, dot, history, mermaid, next_rows, svg};
use crate::migration::{Declaration, Graph, Node, Version};
use crate::ui::style::without_style;

/// Rows that are joined with those below them, as `0:1,2 1:3`.
fn next(text: &str) -> Vec<Vec<usize>> {
    text.split(' ')
        .map(|row| {
            let (_, targets) = row.split_once(':').unwrap();
            let targets = targets.split(',').filter(|target| !target.is_empty());
            targets.map(|target| target.parse().unwrap()).collect()
        })
        .collect()
}

/// The drawing in letters, also where the test runs on a terminal.
fn in_letters(
    drawing: &Drawing,
    letters: Letters,
    text: impl Fn(usize) -> Vec<String>,
) -> Vec<String> {
    let lines = super::in_letters(drawing, letters, text);
    lines.iter().map(|line| without_style(line)).collect()
}

/// The drawing with each row's number beside it.
fn picture(text: &str) -> String {
    let drawing = Drawing::of(&next(text));
    in_letters(&drawing, Letters::Boxes, |row| vec![row.to_string()]).join("\n")
}

#[test]
fn one_line_is_no_picture() {
    assert!(Drawing::of(&next("0:1 1:2 2:")).is_line());
    assert!(Drawing::of(&[]).is_line());
    assert!(!Drawing::of(&next("0:2 1:2 2:")).is_line());
    assert!(!Drawing::of(&next("0: 1:2 2:")).is_line());
}

#[test]
fn two_heads_meet_where_they_parted() {
    assert_snapshot!(picture("0:2 1:3 2:3 3:4 4:"), @"
    ● 0
    │ ● 1
    ● │ 2
    ├─╯
    ● 3
    ● 4
    ");
}

#[test]
fn a_merge_parts_again_below() {
    assert_snapshot!(picture("0:1,2 1:3 2:4 3:5 4:5 5:"), @"
    ● 0
    ├─╮
    ● │ 1
    │ ● 2
    ● │ 3
    │ ● 4
    ├─╯
    ● 5
    ");
}

#[test]
fn three_are_merged_at_once() {
    assert_snapshot!(picture("0:1,2,3 1:4 2:4 3:4 4:"), @"
    ● 0
    ├─┬─╮
    ● │ │ 1
    │ ● │ 2
    ├─╯ │
    │   ● 3
    ├───╯
    ● 4
    ");
}

#[test]
fn a_lane_that_is_crossed_stays_whole_and_one_that_is_joined_does_not() {
    assert_snapshot!(picture("0:4 1:5 2:6 3:4,6 4:7 5:7 6:7 7:"), @"
    ● 0
    │ ● 1
    │ │ ● 2
    │ │ │ ● 3
    ├─│─┼─╯
    ● │ │ 4
    │ ● │ 5
    ├─╯ │
    │   ● 6
    ├───╯
    ● 7
    ");
}

#[test]
fn a_merge_can_take_from_both_sides() {
    assert_snapshot!(picture("0:3 1:2,4,5 2:3,5 3:6 4:6 5:6 6:"), @"
    ● 0
    │ ● 1
    │ ├─┬─╮
    │ ● │ │ 2
    ├─┴─│─┤
    ●   │ │ 3
    │   ● │ 4
    ├───╯ │
    │     ● 5
    ├─────╯
    ● 6
    ");
}

#[test]
fn beginnings_below_each_other_are_not_joined() {
    assert_snapshot!(picture("0:2 1: 2: 3: 4:5 5:"), @"
    ● 0
    │ ● 1
    ● 2
      ● 3
    ● 4
    ● 5
    ");
}

#[test]
fn text_of_several_lines_keeps_clear_of_the_lanes() {
    let drawing = Drawing::of(&next("0:2 1:2 2:3 3:"));
    let text = |row: usize| {
        vec![
            format!("name {row}"),
            "  more".to_owned(),
            "  and more".to_owned(),
        ]
    };
    assert_snapshot!(in_letters(&drawing, Letters::Boxes, text).join("\n"), @"
    ● name 0
    │   more
    │   and more
    │ ● name 1
    ├─╯   more
    │     and more
    ● name 2
    │   more
    │   and more
    ● name 3
        more
        and more
    ");
}

#[test]
fn letters_of_ascii_say_the_same() {
    let drawing = Drawing::of(&next("0:4 1:2,3 2:4 3:4 4:"));
    assert_snapshot!(in_letters(&drawing, Letters::Ascii, |row| vec![row.to_string()]).join("\n"), @"
    * 0
    | * 1
    | +-.
    | * | 2
    +-' |
    |   * 3
    +---'
    * 4
    ");
}

#[test]
fn a_locale_without_such_letters_gets_others() {
    let letters = |variables: &[(&str, &str)]| {
        Letters::of(&crate::settings::Environment {
            variables: variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..crate::settings::Environment::default()
        })
    };
    assert_eq!(letters(&[]), Letters::Boxes);
    assert_eq!(letters(&[("LANG", "de_DE.UTF-8")]), Letters::Boxes);
    assert_eq!(letters(&[("LANG", "C")]), Letters::Ascii);
    assert_eq!(
        letters(&[("LC_ALL", "C.utf8"), ("LANG", "C")]),
        Letters::Boxes
    );
    assert_eq!(
        letters(&[("LC_ALL", ""), ("LANG", "en_GB.ISO-8859-1")]),
        Letters::Ascii
    );
}

/// A fork after `books` into `loans` and a branch of its own, and both again.
fn library() -> Graph {
    let declaration = |name: &str, depends_on: &[&str], labels: &[&str]| Declaration {
        version: Version::of_directory(name),
        name: name.to_owned(),
        path: PathBuf::from("migrations").join(name),
        folder: 0,
        depends_on: Some(depends_on.iter().map(|text| Version::parse(text)).collect()),
        labels: labels.iter().map(|&label| label.to_owned()).collect(),
    };
    Graph::of(
        vec![
            declaration("01_authors", &[], &[]),
            declaration("02_books", &["01"], &[]),
            declaration("03_loans", &["02"], &[]),
            declaration("04_fines", &["02"], &["money"]),
            declaration("05_a<b>\"c\"%&", &["03", "04"], &[]),
        ],
        Vec::new(),
    )
}

fn viewed(show: impl Fn(&View<'_>, &[&Node]) -> String) -> String {
    let graph = library();
    let nodes: Vec<&Node> = graph.nodes().iter().rev().collect();
    let applied: BTreeSet<Version> = ["01", "02", "03"].map(Version::parse).into();
    let current = BTreeSet::from([Version::parse("03")]);
    let view = View {
        graph: &graph,
        applied: Some(&applied),
        current: &current,
        descriptions: &BTreeMap::new(),
        verbose: false,
    };
    without_style(&show(&view, &nodes))
}

#[test]
fn the_history_is_a_graph_with_marks() {
    let text = viewed(|view, nodes| {
        let drawing = Drawing::of(&next_rows(view.graph, nodes, Order::NewestFirst));
        history(view, nodes, &drawing, Letters::Boxes, None).join("\n")
    });
    assert_snapshot!(text, @r#"
     ● [ ] 05_a<b>"c"%&  (head)
     ├─╮
     ● │ [ ] 04_fines  (label money)
     │ ● [X] 03_loans  (current)
     ├─╯
     ● [X] 02_books
     ● [X] 01_authors
    "#);
}

#[test]
fn what_does_not_fit_beside_the_name_stands_below_it() {
    let text = viewed(|view, nodes| {
        let drawing = Drawing::of(&next_rows(view.graph, nodes, Order::NewestFirst));
        history(view, nodes, &drawing, Letters::Boxes, Some(24)).join("\n")
    });
    assert_snapshot!(text, @r#"
    ●   [ ] 05_a<b>"c"%&
    ├─╮   (head)
    ● │ [ ] 04_fines
    │ │   (label money)
    │ ● [X] 03_loans
    ├─╯   (current)
    ● [X] 02_books
    ● [X] 01_authors
    "#);
}

#[test]
fn a_flowchart_holds_any_name() {
    assert_snapshot!(viewed(mermaid), @r#"
    flowchart TD
        m0["01_authors"]
        m1["02_books"]
        m2["03_loans<br/>current"]
        m3["04_fines<br/>label money"]
        m4["05_a<b>'c'_&<br/>head"]
        m0 --> m1
        m1 --> m2
        m1 --> m3
        m2 --> m4
        m3 --> m4
        classDef head stroke-width:3px
        class m4 head
        classDef pending stroke-dasharray:4 3
        class m3,m4 pending
    "#);
}

#[test]
fn a_digraph_holds_any_name() {
    assert_snapshot!(viewed(dot), @r#"
    digraph migrations {
        node [shape=box, style="rounded", fontname="Helvetica", fontsize=11];
        m0 [label=<01_authors>];
        m1 [label=<02_books>];
        m2 [label=<03_loans<BR/><FONT POINT-SIZE="9">current</FONT>>];
        m3 [label=<04_fines<BR/><FONT POINT-SIZE="9">label money</FONT>>, style="rounded,dashed"];
        m4 [label=<05_a&lt;b&gt;&quot;c&quot;%&amp;<BR/><FONT POINT-SIZE="9">head</FONT>>, penwidth=2, style="rounded,dashed"];
        m0 -> m1;
        m1 -> m2;
        m1 -> m3;
        m2 -> m4;
        m3 -> m4;
    }
    "#);
}

#[test]
fn a_picture_has_the_lanes_of_the_text() {
    let text = viewed(|view, nodes| {
        svg(
            view,
            nodes,
            &Drawing::of(&next_rows(view.graph, nodes, Order::NewestFirst)),
        )
    });
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("<text"))
        .skip(8)
        .collect();
    assert_snapshot!(lines.join("\n"), @r##"
      <rect width="278" height="188" fill="#ffffff"/>
      <path class="line" stroke="#2f6fb0" d="M24 38 L24 66"/>
      <path class="line" stroke="#b0562f" d="M24 38 C24 52 44 52 44 66 L44 94"/>
      <path class="line" stroke="#2f6fb0" d="M24 66 L24 122"/>
      <path class="line" stroke="#2f6fb0" d="M44 94 C44 108 24 108 24 122"/>
      <path class="line" stroke="#2f6fb0" d="M24 122 L24 150"/>
      <circle class="node" cx="24" cy="38" r="6" stroke="#2f6fb0" fill="#ffffff"/>
      <circle class="node" cx="24" cy="66" r="6" stroke="#2f6fb0" fill="#ffffff"/>
      <circle class="node" cx="44" cy="94" r="6" stroke="#b0562f" fill="#b0562f"/>
      <circle class="node" cx="24" cy="122" r="6" stroke="#2f6fb0" fill="#2f6fb0"/>
      <circle class="node" cx="24" cy="150" r="6" stroke="#2f6fb0" fill="#2f6fb0"/>
    </svg>
    "##);
}

/// Follows the lines of a drawn text downwards from each row, knowing nothing but letters.
fn traced(lines: &[String], nodes: usize) -> Vec<(usize, usize)> {
    let grid: Vec<Vec<char>> = lines.iter().map(|line| line.chars().collect()).collect();
    let at = |line: usize, column: usize| -> char {
        grid.get(line)
            .and_then(|line| line.get(column))
            .copied()
            .unwrap_or(' ')
    };
    // Nodes are numbered from above; each line has one at most.
    let places: Vec<(usize, usize)> = grid
        .iter()
        .enumerate()
        .filter_map(|(line, letters)| {
            let column = letters.iter().position(|letter| *letter == '●')?;
            assert_eq!(letters.iter().filter(|letter| **letter == '●').count(), 1);
            Some((line, column))
        })
        .collect();
    assert_eq!(places.len(), nodes);
    let node_at: BTreeMap<(usize, usize), usize> = places
        .iter()
        .enumerate()
        .map(|(row, place)| (*place, row))
        .collect();
    let down = |mut line: usize, mut column: usize| -> usize {
        loop {
            line += 1;
            if let Some(row) = node_at.get(&(line, column)) {
                return *row;
            }
            match at(line, column) {
                '│' | '├' | '┤' | '┼' => {}
                // The lane goes over to the one of the migration above.
                '╯' => {
                    while at(line, column) != '├' {
                        column -= 1;
                        assert!(
                            "─│├".contains(at(line, column)),
                            "a line ends at {line}:{column}"
                        );
                    }
                }
                // Anything else has no line from above: two lanes would have met.
                letter => panic!("a line ends at {line}:{column} with {letter}"),
            }
        }
    };
    let mut edges = Vec::new();
    for (row, (line, column)) in places.iter().enumerate() {
        let below = *line + 1;
        if node_at.keys().any(|(line, _)| *line == below) || below >= grid.len() {
            // No turn: straight down, if there is anything.
            let is_joined = match at(below, *column) {
                '●' => true,
                letter => letter == '│',
            };
            if is_joined {
                edges.push((row, down(*line, *column)));
            }
            continue;
        }
        let own = at(below, *column);
        if "│├┤┼".contains(own) {
            edges.push((row, down(below, *column)));
        }
        let mut walk = |leads_on: &str, mut column: usize, step: isize| loop {
            column = column
                .checked_add_signed(step)
                .expect("a line to the left of everything");
            let letter = at(below, column);
            if "├┤┼╭╮┬".contains(letter) {
                edges.push((row, down(below, column)));
            }
            if !leads_on.contains(letter) {
                assert!("├┤╭╮╯".contains(letter), "a line ends at {below}:{column}");
                break;
            }
        };
        if "┤┼╯┴".contains(own) {
            walk("─│┼┬", *column, -1);
        }
        if "├┼╰┴".contains(own) {
            walk("─│┼┬", *column, 1);
        }
    }
    edges
}

prop_compose! {
    /// Any graph whose edges lead downwards: chains, forks, merges and beginnings.
    fn any_graph()(
        rows in prop::collection::vec(prop::collection::vec(1..9_usize, 0..4), 1..40)
    ) -> Vec<Vec<usize>> {
        let number = rows.len();
        rows.iter()
            .enumerate()
            .map(|(row, steps)| {
                let mut seen = BTreeSet::new();
                steps
                    .iter()
                    .map(|step| row + step)
                    .filter(|target| *target < number && seen.insert(*target))
                    .collect()
            })
            .collect()
    }
}

proptest! {
    #[test]
    fn every_edge_is_drawn_once_and_no_two_lanes_collide(next in any_graph()) {
        let drawing = Drawing::of(&next);
        let lines = in_letters(&drawing, Letters::Boxes, |_| Vec::new());
        let mut drawn = traced(&lines, next.len());
        drawn.sort_unstable();
        let mut edges: Vec<(usize, usize)> = next
            .iter()
            .enumerate()
            .flat_map(|(row, targets)| targets.iter().map(move |target| (row, *target)))
            .collect();
        edges.sort_unstable();
        prop_assert_eq!(drawn, edges, "{}", lines.join("\n"));
    }

    #[test]
    fn both_alphabets_have_the_same_shape(next in any_graph()) {
        let drawing = Drawing::of(&next);
        let boxes = in_letters(&drawing, Letters::Boxes, |_| Vec::new());
        let ascii = in_letters(&drawing, Letters::Ascii, |_| Vec::new());
        let shape = |lines: &[String]| -> Vec<String> {
            lines
                .iter()
                .map(|line| line.chars().map(|letter| if letter == ' ' { ' ' } else { 'x' }).collect())
                .collect()
        };
        prop_assert_eq!(shape(&boxes), shape(&ascii));
        prop_assert!(ascii.iter().all(|line| line.is_ascii()));
    }

    #[test]
    fn lanes_are_as_few_as_the_lines_that_pass(next in any_graph()) {
        let drawing = Drawing::of(&next);
        for (row, drawn) in drawing.rows.iter().enumerate() {
            let open: BTreeSet<usize> = next[..=row].iter().flatten().copied().filter(|target| *target > row).collect();
            prop_assert_eq!(drawn.below.iter().flatten().count(), open.len());
            prop_assert!(drawn.beside.get(drawn.column).copied().flatten().is_none());
        }
    }
}

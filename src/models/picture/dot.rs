//! A diagram in the language of Graphviz.

use crate::schema::Schema;

use super::diagram::{Diagram, TableBox};
use super::text::escaped;

/// Draws a schema as a digraph of tables, from what refers to what it refers to.
///
/// Nodes have numbers for names, so no name of a table can mean something else in the language.
#[must_use]
pub fn dot(schema: &Schema) -> String {
    let diagram = Diagram::of(schema);
    let mut lines = vec![
        "digraph schema {".to_owned(),
        "    graph [rankdir=RL, nodesep=0.4, ranksep=1.2];".to_owned(),
        "    node [shape=plain, fontname=\"Helvetica\", fontsize=11];".to_owned(),
        "    edge [dir=both, fontname=\"Helvetica\", fontsize=9];".to_owned(),
    ];
    for (number, entity) in diagram.boxes.iter().enumerate() {
        lines.push(node(number, entity));
    }
    for link in &diagram.links {
        let head = if link.is_required { "tee" } else { "teeodot" };
        let tail = if link.is_single {
            "teeodot"
        } else {
            "crowodot"
        };
        lines.push(format!(
            "    t{}:l{}:w -> t{}:r{}:e [arrowtail={tail}, arrowhead={head}];",
            link.child, link.child_row, link.parent, link.parent_row
        ));
    }
    lines.push("}\n".to_owned());
    lines.join("\n")
}

fn node(number: usize, entity: &TableBox) -> String {
    let mut lines = vec![
        format!("    t{number} [label=<"),
        "        <TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" CELLPADDING=\"4\">"
            .to_owned(),
        format!(
            "        <TR><TD COLSPAN=\"3\" BGCOLOR=\"#dbe7f3\"><B>{}</B></TD></TR>",
            escaped(&entity.title)
        ),
    ];
    for (row_number, row) in entity.rows.iter().enumerate() {
        let null = if row.nullable { " null" } else { "" };
        lines.push(format!(
            "        <TR><TD ALIGN=\"LEFT\" PORT=\"l{row_number}\">{}</TD>\
             <TD ALIGN=\"LEFT\">{}{null}</TD>\
             <TD ALIGN=\"LEFT\" PORT=\"r{row_number}\">{}</TD></TR>",
            escaped(&row.name),
            escaped(&row.sql_type),
            row.marks().join(" ")
        ));
    }
    lines.push("        </TABLE>>];".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::picture::diagram::samples;

    #[test]
    fn tables_are_nodes_and_foreign_keys_edges() {
        insta::assert_snapshot!(dot(&samples::library()), @r##"
        digraph schema {
            graph [rankdir=RL, nodesep=0.4, ranksep=1.2];
            node [shape=plain, fontname="Helvetica", fontsize=11];
            edge [dir=both, fontname="Helvetica", fontsize=9];
            t0 [label=<
                <TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">
                <TR><TD COLSPAN="3" BGCOLOR="#dbe7f3"><B>authors</B></TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l0">id</TD><TD ALIGN="LEFT">integer</TD><TD ALIGN="LEFT" PORT="r0">PK</TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l1">name</TD><TD ALIGN="LEFT">varchar(80)</TD><TD ALIGN="LEFT" PORT="r1"></TD></TR>
                </TABLE>>];
            t1 [label=<
                <TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">
                <TR><TD COLSPAN="3" BGCOLOR="#dbe7f3"><B>books</B></TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l0">id</TD><TD ALIGN="LEFT">integer</TD><TD ALIGN="LEFT" PORT="r0">PK</TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l1">author_id</TD><TD ALIGN="LEFT">integer null</TD><TD ALIGN="LEFT" PORT="r1">FK</TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l2">price</TD><TD ALIGN="LEFT">numeric(10,2) null</TD><TD ALIGN="LEFT" PORT="r2"></TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l3">sequel_of</TD><TD ALIGN="LEFT">integer null</TD><TD ALIGN="LEFT" PORT="r3">FK</TD></TR>
                </TABLE>>];
            t2 [label=<
                <TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">
                <TR><TD COLSPAN="3" BGCOLOR="#dbe7f3"><B>covers</B></TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l0">id</TD><TD ALIGN="LEFT">integer</TD><TD ALIGN="LEFT" PORT="r0">PK</TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l1">book_id</TD><TD ALIGN="LEFT">integer</TD><TD ALIGN="LEFT" PORT="r1">FK UK</TD></TR>
                </TABLE>>];
            t3 [label=<
                <TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">
                <TR><TD COLSPAN="3" BGCOLOR="#dbe7f3"><B>loans</B></TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l0">id</TD><TD ALIGN="LEFT">integer</TD><TD ALIGN="LEFT" PORT="r0">PK</TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l1">book_id</TD><TD ALIGN="LEFT">integer</TD><TD ALIGN="LEFT" PORT="r1">FK</TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l2">state</TD><TD ALIGN="LEFT">enum</TD><TD ALIGN="LEFT" PORT="r2"></TD></TR>
                </TABLE>>];
            t4 [label=<
                <TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">
                <TR><TD COLSPAN="3" BGCOLOR="#dbe7f3"><B>shelves</B></TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l0">id</TD><TD ALIGN="LEFT">integer</TD><TD ALIGN="LEFT" PORT="r0">PK</TD></TR>
                </TABLE>>];
            t1:l1:w -> t0:r0:e [arrowtail=crowodot, arrowhead=teeodot];
            t1:l3:w -> t1:r0:e [arrowtail=crowodot, arrowhead=teeodot];
            t2:l1:w -> t1:r0:e [arrowtail=teeodot, arrowhead=tee];
            t3:l1:w -> t1:r0:e [arrowtail=crowodot, arrowhead=tee];
        }
        "##);
    }

    #[test]
    fn odd_names_mean_nothing_in_the_language() {
        insta::assert_snapshot!(dot(&samples::odd()), @r##"
        digraph schema {
            graph [rankdir=RL, nodesep=0.4, ranksep=1.2];
            node [shape=plain, fontname="Helvetica", fontsize=11];
            edge [dir=both, fontname="Helvetica", fontsize=9];
            t0 [label=<
                <TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">
                <TR><TD COLSPAN="3" BGCOLOR="#dbe7f3"><B>title</B></TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l0">a b</TD><TD ALIGN="LEFT"></TD><TD ALIGN="LEFT" PORT="r0">PK FK</TD></TR>
                </TABLE>>];
            t1 [label=<
                <TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">
                <TR><TD COLSPAN="3" BGCOLOR="#dbe7f3"><B>billing.in&quot;voice%s\</B></TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l0">id</TD><TD ALIGN="LEFT">integer</TD><TD ALIGN="LEFT" PORT="r0">PK</TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l1">2 &lt;b&gt;&amp;amp;</TD><TD ALIGN="LEFT">text[] null</TD><TD ALIGN="LEFT" PORT="r1"></TD></TR>
                <TR><TD ALIGN="LEFT" PORT="l2">größe</TD><TD ALIGN="LEFT">&quot;My Type&quot;</TD><TD ALIGN="LEFT" PORT="r2"></TD></TR>
                </TABLE>>];
            t0:l0:w -> t1:r0:e [arrowtail=teeodot, arrowhead=tee];
        }
        "##);
    }
}

//! Laws of `table!` files: what is printed from a schema is no difference to it, and what is wanted of
//! another schema is reached once and for all.

use diesel_manage::ddl;
use diesel_manage::models::{self, ModelsError, Overlay, OverlayOptions, Problem};
use diesel_manage::schema::Schema;
use diesel_manage::schema::change::{Decisions, Difference, Renames, diff};
use diesel_manage::settings::{Backend, PrintSchema};
use diesel_manage::sql::{Product, Server};

use super::check::Pair;
use super::ground::{Ground, Runner, text};

/// The laws that need no server.
pub(crate) fn on_paper() {
    for product in [Product::Sqlite, Product::Postgres, Product::Mariadb] {
        let server = Server {
            product,
            version: (15, 0, 0),
        };
        let options = OverlayOptions::new(server);
        for seed in 0..300 {
            let pair = Pair::new(server, seed);
            let (a, b) = (pair.a.finish(), pair.b.finish());
            let what = format!("{product:?}, seed {seed}");
            let own = printed(&a, server);
            let laid =
                lay(&a, &own, &options).unwrap_or_else(|error| panic!("{what}: {error}\n{own}"));
            assert_same(
                &a,
                &laid.schema,
                &format!("{what}: printed from it:\n{own}"),
            );
            assert_eq!(laid.joins, [], "{what}: printed from it:\n{own}");

            let other = printed(&b, server);
            let Some(laid) = known(lay(&a, &other, &options)) else {
                continue;
            };
            let again = lay(&laid.schema, &other, &options).expect("it was possible before");
            assert_same(
                &laid.schema,
                &again.schema,
                &format!("{what}: laid on twice:\n{other}"),
            );
        }
    }
}

/// What is wanted can be made: on a server, from one schema to the printed text of another.
pub(crate) fn on_server(backend: Backend, seeds: std::ops::Range<u64>) -> Result<(), String> {
    let mut ground = Ground::new(backend).map_err(|missing| missing.reason)?;
    let server = ground.product();
    let mut options = OverlayOptions::new(server);
    if backend == Backend::Mysql {
        let rows = ground.rows("SELECT @@default_storage_engine, @@collation_database")?;
        options.table_options.engine.clone_from(&rows[0][0]);
        options.table_options.collation.clone_from(&rows[0][1]);
    }
    for seed in seeds {
        let pair = Pair::new(server, seed);
        ground.empty();
        let empty = ground.introspect()?;
        let make = |from: &Schema, to: &Schema| {
            let difference = Difference::between(from.clone(), to.clone(), Renames::default());
            ddl::write(server, &difference, &Decisions::default())
                .map_err(|error| format!("seed {seed}: {error}"))
        };
        ground.run(&make(&empty, &pair.a.finish())?, Runner::Manage)?;
        let from = ground.introspect()?;
        let own = printed(&from, server);
        let laid = lay(&from, &own, &options).map_err(|error| format!("seed {seed}: {error}"))?;
        assert_same(
            &from,
            &laid.schema,
            &format!("seed {seed}: printed from it:\n{own}"),
        );

        let other = printed(&pair.b.finish(), server);
        let Some(wanted) = known(lay(&from, &other, &options)) else {
            continue;
        };
        let has_triggers = from.tables.iter().any(|table| !table.triggers.is_empty());
        if !from.views.is_empty() || has_triggers {
            // They may read what goes, and models say nothing of them.
            continue;
        }
        let script = make(&from, &wanted.schema)?;
        let shown = text(&script);
        ground
            .run(&script, Runner::Manage)
            .map_err(|error| format!("seed {seed}: {error}"))?;
        let reached = ground.introspect()?;
        assert_same(
            &reached,
            &wanted.schema,
            &format!("seed {seed}:\n{shown}\n{other}"),
        );
    }
    Ok(())
}

fn printed(schema: &Schema, server: Server) -> String {
    models::print(schema, server, &PrintSchema::default()).text
}

fn lay(current: &Schema, text: &str, options: &OverlayOptions) -> Result<Overlay, ModelsError> {
    let models = models::parse(&[("schema.rs", text)])?;
    models::overlay(current, &models, options)
}

/// Nothing where the models speak of values that are not in them.
fn known(laid: Result<Overlay, ModelsError>) -> Option<Overlay> {
    match laid {
        Ok(laid) => Some(laid),
        Err(error) => {
            let excused = matches!(
                error.problem(),
                Problem::MissingType { .. } | Problem::UnknownValues { .. }
            );
            assert!(excused, "{error}");
            None
        }
    }
}

#[track_caller]
fn assert_same(found: &Schema, wanted: &Schema, what: &str) {
    let changes = diff(found, wanted);
    let lines: Vec<_> = changes
        .iter()
        .map(|change| format!("{} {}\n    {change:?}", change.mark(), change.describe()))
        .collect();
    assert!(changes.is_empty(), "{what}\n{}", lines.join("\n"));
}

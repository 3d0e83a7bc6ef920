//! The example project's own `manage`: Diesel migrations for every connection in `settings.yaml`.

use std::process::ExitCode;

fn main() -> ExitCode {
    diesel_manage::Cli::new().run()
}

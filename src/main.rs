//! The `evidex` program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    evidex::cli::main()
}

//! The one WebAssembly module of Falco Report.

fn main() {
    app::start();
}

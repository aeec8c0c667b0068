//! The screens. Each takes what it shows from context and gives it to the parts in `ui`.

mod alerts;
mod cancelled;
mod compare;
mod examples;
mod lab;
mod loading;
mod offer;
mod overview;
mod problem;
mod report;
mod review;
mod skipped;
mod welcome;
mod workbench;

pub use self::{
    cancelled::Cancelled, loading::Loading, offer::Offer, problem::ProblemView, report::ReportView,
    welcome::Welcome,
};

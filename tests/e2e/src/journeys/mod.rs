//! What analysts do, one file a subject.

mod accessible;
mod desk;
mod details;
mod faults;
pub mod firefox;
mod keyboard;
mod loading;
mod looks;
mod offline;
mod reach;
mod redacted;
mod review;
mod same_bytes;
mod sharing;
mod silence;
mod table;
mod view;
mod workbench;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use anyhow::{Result, ensure};

use crate::browser::{Browser, Driver, Kind};
use crate::chromium::Settings;
use crate::command_line::CommandLine;
use crate::served::Served;

/// What a journey works with.
pub struct Stage<'a> {
    pub browser: Browser,
    driver: &'a Driver,
    pub served: &'a Served,
    pub command_line: &'a CommandLine,
    /// The folder of the site.
    pub dist: &'a Path,
    /// The app as one file.
    pub single_file: &'a Path,
    /// The script of axe-core, where it is at hand.
    pub axe: Option<&'a Path>,
}

/// The files of the machine that journeys need.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    pub dist: &'a Path,
    pub single_file: &'a Path,
    pub axe: Option<&'a Path>,
}

/// What a journey needs and the machine does not have; it is left out then.
#[derive(Debug)]
pub struct Missing(pub &'static str);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is not there", self.0)
    }
}

impl std::error::Error for Missing {}

type Steps = for<'a> fn(&'a Stage<'a>) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A named journey.
pub struct Journey {
    pub name: &'static str,
    steps: Steps,
}

/// Names a function of this crate as a journey.
macro_rules! journeys {
    ($($module:ident :: $name:ident),* $(,)?) => {
        vec![$(Journey { name: stringify!($name), steps: |stage| Box::pin($module::$name(stage)) }),*]
    };
}

/// Every journey, in the order in which they run.
pub fn all() -> Vec<Journey> {
    journeys![
        workbench::a_tuning_is_chosen_edited_and_exported,
        workbench::a_text_that_hides_an_attack_is_refused_until_somebody_insists,
        loading::paste_anywhere,
        loading::type_and_analyse,
        loading::drop_a_file,
        loading::choose_several_files,
        loading::try_each_example_by_keyboard_alone,
        loading::empty_input_says_what_to_do,
        loading::unreadable_input_says_where_and_what_to_do,
        loading::partly_readable_input_lists_what_was_skipped,
        loading::cancel_a_large_file,
        loading::read_a_large_file_to_its_end,
        loading::the_pool_does_not_show_in_the_report,
        same_bytes::exports_equal_the_command_line,
        same_bytes::a_saved_page_gives_its_report_again,
        same_bytes::the_archive_holds_what_mitigate_writes,
        sharing::a_link_from_the_command_line_opens,
        sharing::the_share_link_equals_that_of_the_command_line,
        sharing::damaged_links_are_refused,
        sharing::a_link_does_not_replace_a_report_unasked,
        sharing::a_link_with_a_password_opens_with_it_only,
        silence::no_request_after_load,
        silence::hostile_values_are_text,
        silence::the_collection_of_hostile_values_is_text,
        desk::search_with_completion_by_keyboard_alone,
        desk::search_by_words_and_open_an_alert,
        desk::the_lab_answers_as_one_types,
        desk::rule_files_beside_the_alerts,
        desk::a_rule_file_that_comes_later_joins_the_alerts,
        desk::hostile_values_stay_text_beside_the_report,
        desk::the_desk_fits_a_phone,
        desk::pictures_of_the_desk,
        details::an_alert_says_where_its_process_comes_from,
        details::alerts_of_a_finding_are_gone_through_and_marked,
        table::a_large_table_scrolls_smoothly_and_to_every_row,
        table::rows_are_sorted_selected_and_saved,
        table::frequent_values_narrow_the_search,
        table::steps_are_taken_back_and_made_again,
        table::the_table_by_keyboard_alone,
        table::pictures_of_the_table,
        review::findings_are_marked_noted_and_kept,
        view::the_address_holds_the_view,
        view::many_alerts_begin_with_the_overview,
        view::a_span_is_chosen_with_the_pointer,
        view::a_folder_is_chosen,
        view::pictures_of_start_and_overview,
        offline::the_site_starts_without_a_network,
        offline::a_newer_version_is_told_and_then_taken,
        offline::one_file_works_from_a_disk,
        redacted::files_with_pseudonyms_equal_the_command_line,
        redacted::a_hit_that_is_kept_stays,
        redacted::the_qr_code_is_the_link,
        reach::page_and_worker_of_the_site_reach_nothing_else,
        reach::page_and_worker_of_the_single_file_reach_nothing,
        faults::a_worker_that_breaks_while_reading_is_replaced,
        faults::a_worker_that_breaks_beside_a_report_leaves_it,
        faults::a_browser_that_keeps_nothing_is_enough,
        faults::a_full_storage_is_no_obstacle,
        faults::a_refused_clipboard_leaves_the_keyboard,
        faults::refused_memory_ends_the_worker_alone,
        faults::a_file_that_changes_while_it_is_read_is_said,
        keyboard::from_start_to_export_without_a_pointer,
        accessible::axe_finds_nothing_on_any_view,
        looks::nothing_is_wider_than_a_phone,
        looks::pictures,
    ]
}

impl Journey {
    pub async fn run(
        &self,
        driver: &Driver,
        served: &Served,
        command_line: &CommandLine,
        Files { dist, single_file, axe }: Files<'_>,
    ) -> Result<()> {
        let browser = driver.browser().await?;
        let stage = Stage { browser, driver, served, command_line, dist, single_file, axe };
        let result = async {
            stage.open("").await?;
            (self.steps)(&stage).await
        }
        .await;
        if result.is_ok() {
            return stage.end().await;
        }
        // A browser that cannot even do this has said so in what comes back.
        let _ = stage.browser.screenshot(&format!("failed-{}", self.name)).await;
        let _ = stage.browser.close().await;
        result
    }
}

impl Stage<'_> {
    /// The same site in another browser, with an empty profile.
    pub async fn afresh(&self) -> Result<Self> {
        let stage = Self { browser: self.driver.browser().await?, ..*self };
        stage.open("").await?;
        Ok(stage)
    }

    /// As [`Stage::afresh`], in a browser that was set otherwise; in Chromium.
    pub async fn with(&self, settings: Settings) -> Result<Self> {
        let stage = Self { browser: self.driver.browser_with(&settings).await?, ..*self };
        stage.open("").await?;
        Ok(stage)
    }

    /// As [`Stage::afresh`], where the browser says that the machine has so many threads.
    pub async fn afresh_with_threads(&self, threads: u32) -> Result<Self> {
        let stage = Self { browser: self.driver.browser().await?, ..*self };
        let source = format!(
            "Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', {{get: () => {threads}}})"
        );
        stage.browser.before_pages(&source).await?;
        stage.open("").await?;
        Ok(stage)
    }

    /// Opens the site, with this fragment, and waits for its first page.
    pub async fn open(&self, fragment: &str) -> Result<()> {
        self.browser.goto(&format!("{}{fragment}", self.served.address())).await?;
        if fragment.is_empty() { self.browser.reaches("welcome").await } else { Ok(()) }
    }

    /// Closes the browser. Nothing may have complained: no console message, no policy violation, no dialog.
    pub async fn end(self) -> Result<()> {
        let complaints = self.browser.complaints().await?;
        self.browser.close().await?;
        ensure!(complaints.is_empty(), "the browser complains: {complaints:?}");
        Ok(())
    }

    pub fn is_firefox(&self) -> bool {
        self.driver.kind() == Kind::Firefox
    }

    /// What the largest page holds in memory, in bytes.
    pub fn page_memory(&self) -> u64 {
        self.driver.page_memory()
    }

    /// Goes back to the first page.
    pub async fn begin_again(&self) -> Result<()> {
        self.browser.click("new-report").await?;
        self.browser.reaches("welcome").await
    }
}

/// The alert files that browser and command line are compared on, in order of their names.
pub fn fixtures() -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").canonicalize()?;
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    ensure!(paths.len() >= 20, "only {} fixtures", paths.len());
    Ok(paths)
}

/// One of them.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name)
}

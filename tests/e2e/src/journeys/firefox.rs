//! Which journeys run in Firefox too.

/// The ways in, the reports and exports, links, the search and the lab, the file on a disk: what a person
/// does with the page. The others stay with Chromium, because
///
/// - their subject is what no browser does differently (how much of a file was read, damaged links, pictures,
///   the collection of hostile values, which takes minutes), or
/// - they need what `WebDriver` does not give in Firefox: a number of processors that is made up, a page as
///   narrow as a phone, the length of tasks.
pub const ALSO_IN_FIREFOX: [&str; 20] = [
    "paste_anywhere",
    "type_and_analyse",
    "drop_a_file",
    "choose_several_files",
    "try_each_example_by_keyboard_alone",
    "unreadable_input_says_where_and_what_to_do",
    "cancel_a_large_file",
    "exports_equal_the_command_line",
    "the_archive_holds_what_mitigate_writes",
    "a_link_from_the_command_line_opens",
    "the_share_link_equals_that_of_the_command_line",
    "a_link_does_not_replace_a_report_unasked",
    "no_request_after_load",
    "hostile_values_are_text",
    "search_with_completion_by_keyboard_alone",
    "search_by_words_and_open_an_alert",
    "the_lab_answers_as_one_types",
    "the_site_starts_without_a_network",
    "one_file_works_from_a_disk",
    "from_start_to_export_without_a_pointer",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_that_of_a_journey() {
        let journeys = crate::journeys::all();
        for name in ALSO_IN_FIREFOX {
            assert!(journeys.iter().any(|journey| journey.name == name), "{name}");
        }
    }
}

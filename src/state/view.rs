//! What is looked at, as the address of the page says it.

use analysis::{share::View, shelf::Order};
use leptos::prelude::*;

use super::{AppState, Desk, Screen, Tab};
use crate::worker::protocol::Topic;

/// So many alerts are read one by one, and the report comes first. Of more, the overview does.
const READ_ONE_BY_ONE: u64 = 20;

impl Tab {
    /// The tab to begin with.
    pub fn first_of(alerts: u64, is_shared: bool) -> Self {
        // A report that somebody sent begins with what they say of it.
        if alerts > READ_ONE_BY_ONE && !is_shared { Self::Overview } else { Self::Report }
    }

    /// The tab of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.name() == name)
    }
}

impl AppState {
    /// What is looked at: `Some(None)` on the first page, and nothing while that is about to change.
    pub fn looks_at(self) -> Option<Option<View>> {
        match &*self.screen().read() {
            Screen::Report => Some(Some(self.desk().view())),
            Screen::Welcome => Some(None),
            Screen::Loading | Screen::Cancelled | Screen::Problem(_) => None,
        }
    }
}

impl Desk {
    /// What is looked at.
    pub fn view(self) -> View {
        View {
            tab: self.tab().get().name().to_owned(),
            query: self.query().get(),
            sort: self.order().get().map(|order| (order.by, order.descending)),
            alert: self.details().with(|details| details.as_ref().map(|details| details.record)),
        }
    }

    /// Shows what an address says, but for the alert; whether other rows are to be searched for.
    pub fn arrange(self, view: &View) -> bool {
        if let Some(tab) = Tab::named(&view.tab) {
            self.show(tab);
        }
        let order = view.sort.clone().map(|(by, descending)| Order { by, descending });
        let is_other = self.query().with_untracked(|query| *query != view.query)
            || self.order().get_untracked() != order;
        if is_other {
            self.query().set(view.query.clone());
            self.order.set(order);
            self.other_rows();
        }
        if view.alert.is_none() {
            self.forget(Topic::Details);
        }
        is_other
    }
}

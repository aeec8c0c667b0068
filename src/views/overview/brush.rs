use analysis::report::Bars;
use leptos::{ev, prelude::*};

use crate::{platform::pointer, ui::MarkdownView};

/// The drawing of a histogram. Whoever drags over it chooses a span of periods. Fingers scroll it instead: they
/// have the sliders.
#[component]
pub fn Brush(
    /// The histogram as SVG.
    svg: String,
    /// Where its bars are.
    bars: Bars,
    /// The last period.
    last: usize,
    /// The two ends of the span, in any order.
    from: RwSignal<usize>,
    /// The other one.
    to: RwSignal<usize>,
    /// Called on a double click.
    #[prop(into)]
    on_whole: Callback<()>,
) -> impl IntoView {
    let Bars { left, step, floor, width, height } = bars;
    let under = move |event: &ev::PointerEvent| {
        period(pointer::share_of_width(event).unwrap_or_default(), bars, last)
    };
    let press = move |event: ev::PointerEvent| {
        if event.button() == 0 && event.pointer_type() != "touch" {
            pointer::capture(&event);
            let at = under(&event);
            from.set(at);
            to.set(at);
        }
    };
    let drag = move |event: ev::PointerEvent| {
        if event.buttons() == 1 && event.pointer_type() != "touch" {
            to.set(under(&event));
        }
    };
    let span = move || {
        let (begin, end) = (from.get().min(to.get()), from.get().max(to.get()));
        let whole = begin == 0 && end == last;
        let units = |periods: usize| u32::try_from(periods).unwrap_or_default().saturating_mul(step);
        if whole { (0, 0) } else { (left + units(begin), units(end + 1 - begin)) }
    };
    view! {
        <div class="overview__plot">
            <div class="overview__canvas">
                <MarkdownView html=svg/>
                <svg
                    class="overview__brush"
                    id="brush"
                    viewBox=format!("0 0 {width} {height}")
                    aria-hidden="true"
                    on:pointerdown=press
                    on:pointermove=drag
                    on:dblclick=move |_| on_whole.run(())
                >
                    <rect x=move || span().0.to_string() y="0" width=move || span().1.to_string() height=floor.to_string()></rect>
                </svg>
            </div>
        </div>
    }
    .into_any()
}

/// The period at a share of the width of the drawing; the nearest one outside of the bars.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place within the drawing, not negative"
)]
fn period(share: f64, Bars { left, step, width, .. }: Bars, last: usize) -> usize {
    let place = (share * f64::from(width) - f64::from(left)).max(0.0) / f64::from(step.max(1));
    (place as usize).min(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_under_the_pointer() {
        let bars = Bars { left: 60, step: 100, width: 720, ..Bars::default() };
        for (share, expected) in [(-1.0, 0), (0.0, 0), (0.1, 0), (0.23, 1), (0.5, 3), (0.99, 5), (9.0, 5)] {
            assert_eq!(period(share, bars, 5), expected, "{share}");
        }
        assert_eq!(period(0.5, Bars { step: 0, ..bars }, 5), 5, "no bars");
    }
}

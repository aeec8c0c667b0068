//! The nearest known name to a mistyped one.

/// Names longer than this are not compared.
const LONGEST: usize = 64;

/// The known name that takes the fewest changes to become `name`, where those are few; the first of the
/// nearest.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let most = (name.len() / 4).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        if candidate.len().abs_diff(name.len()) > most {
            continue;
        }
        let changes = distance(name.as_bytes(), candidate.as_bytes());
        if changes <= most && best.is_none_or(|(fewest, _)| changes < fewest) {
            best = Some((changes, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many letters to insert, remove, replace or swap with their neighbour; another case of the whole name
/// is one change.
fn distance(left: &[u8], right: &[u8]) -> usize {
    if left.eq_ignore_ascii_case(right) {
        return usize::from(left != right);
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, from) in left.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, to) in right.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&above, column) + usize::from(from != to);
            let mut fewest = replaced.min(at(&above, column + 1) + 1).min(at(&line, column) + 1);
            let is_swap =
                row > 0 && column > 0 && left.get(row - 1) == Some(to) && right.get(column - 1) == Some(from);
            if is_swap {
                fewest = fewest.min(at(&before, column - 1) + 1);
            }
            line.push(fewest);
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_field() {
        let known = ["proc.name", "proc.pname", "fd.name", "container.image.repository"];
        let find = |name| nearest(name, known.into_iter());
        assert_eq!(find("proc.nmae"), Some("proc.name"));
        assert_eq!(find("Proc.Name"), Some("proc.name"));
        assert_eq!(find("container.image.repositry"), Some("container.image.repository"));
        assert_eq!(find("user.name"), None);
        assert_eq!(find(&"x".repeat(100)), None);
    }
}

//! The shapes that were seen: which keys objects have, in which order.

/// The number of a shape; shapes are numbered from 0 as they are first seen.
pub type Shape = usize;

/// A key of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key, as it stands between its quotes.
    pub name: String,
    /// Whether it is a key of the inner object.
    pub is_inner: bool,
}

/// Steps of the tree; an object that would add more is refused.
const STEPS: usize = 20_000;

/// Keys of all shapes together, of which each holds all of its own; an object that would add more is refused.
const KEYS: usize = 200_000;

/// A tree: a path from its root is the beginning of a shape.
#[derive(Debug, Default)]
pub struct Shapes {
    steps: Vec<Step>,
    roots: Vec<usize>,
    known: Vec<Vec<Key>>,
    /// How many keys they have.
    keys: usize,
}

#[derive(Debug)]
struct Step {
    name: Box<[u8]>,
    is_inner: bool,
    before: Option<usize>,
    next: Vec<usize>,
    shape: Option<Shape>,
}

impl Shapes {
    /// The place in the tree after one more key.
    pub fn step(&mut self, from: Option<usize>, name: &[u8], is_inner: bool) -> Option<usize> {
        let next = match from {
            None => &self.roots,
            Some(from) => &self.steps.get(from)?.next,
        };
        let known = next.iter().copied().find(|next| {
            self.steps.get(*next).is_some_and(|step| *step.name == *name && step.is_inner == is_inner)
        });
        known.or_else(|| self.grow(from, name, is_inner))
    }

    #[cold]
    fn grow(&mut self, before: Option<usize>, name: &[u8], is_inner: bool) -> Option<usize> {
        if self.steps.len() >= STEPS || name.contains(&b'\\') {
            return None;
        }
        let place = self.steps.len();
        self.steps.push(Step { name: name.into(), is_inner, before, next: Vec::new(), shape: None });
        match before {
            None => self.roots.push(place),
            Some(before) => self.steps.get_mut(before)?.next.push(place),
        }
        Some(place)
    }

    /// The shape that ends at a place.
    pub fn end(&mut self, at: usize) -> Option<Shape> {
        if let Some(shape) = self.steps.get(at)?.shape {
            return Some(shape);
        }
        let path = || {
            let step = |at: &usize| self.steps.get(*at);
            std::iter::successors(step(&at), move |last| step(last.before.as_ref()?))
        };
        let kept = self.keys + path().count();
        if kept > KEYS {
            return None;
        }
        let key = |step: &Step| Key {
            name: String::from_utf8_lossy(&step.name).into_owned(),
            is_inner: step.is_inner,
        };
        let mut keys: Vec<Key> = path().map(key).collect();
        keys.reverse();
        self.keys = kept;
        let shape = self.known.len();
        self.known.push(keys);
        self.steps.get_mut(at)?.shape = Some(shape);
        Some(shape)
    }

    /// The keys of a shape.
    pub fn keys(&self, shape: Shape) -> &[Key] {
        self.known.get(shape).map(Vec::as_slice).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An object with one key more than the one before has all of their keys again.
    #[test]
    fn longer_and_longer_shapes_are_refused_before_they_fill_the_memory() {
        let mut shapes = Shapes::default();
        let (mut last, mut known) = (None, 0);
        for at in 0..STEPS {
            last = shapes.step(last, format!("k{at}").as_bytes(), false);
            known += usize::from(last.and_then(|last| shapes.end(last)).is_some());
        }
        assert_eq!(shapes.step(last, b"more", false), None);
        assert_eq!(known, 631);
        assert_eq!((0..known).map(|shape| shapes.keys(shape).len()).sum::<usize>(), 199_396);
    }
}

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

/// Keys of all shapes together; an object that would add more is refused.
const KEYS: usize = 20_000;

/// A tree: a path from its root is the beginning of a shape.
#[derive(Debug, Default)]
pub struct Shapes {
    steps: Vec<Step>,
    roots: Vec<usize>,
    known: Vec<Vec<Key>>,
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
        if self.steps.len() >= KEYS || name.contains(&b'\\') {
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
        let mut keys = Vec::new();
        let mut here = Some(at);
        while let Some(step) = here.and_then(|here| self.steps.get(here)) {
            let name = String::from_utf8_lossy(&step.name).into_owned();
            keys.push(Key { name, is_inner: step.is_inner });
            here = step.before;
        }
        keys.reverse();
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

//! Who looks at the desk and what they may do.

/// What somebody may do; each may all that the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Read, search, export.
    Reader,
    /// Decide in the review.
    Reviewer,
    /// Add dispatches and users.
    Admin,
}

/// Who looks at a page.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The name that decisions are logged under.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they signed in; a desk for its own machine alone knows no users.
    pub signed_in: bool,
}

impl Default for Viewer {
    /// Whoever sits at the machine itself.
    fn default() -> Viewer {
        Viewer { name: "desk".to_owned(), role: Role::Admin, signed_in: false }
    }
}

impl Viewer {
    /// Whether they may do what `role` may.
    pub fn may(&self, role: Role) -> bool {
        self.role >= role
    }
}

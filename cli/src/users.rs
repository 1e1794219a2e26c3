//! `dateline users`: who may use the desk.

use std::io::BufRead;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use desk::auth::{Role, password};
use jiff::Timestamp;
use ledger::Ledger;

use crate::add::LedgerArgs;
use crate::batch::Tally;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline users add ana --role reviewer
  printf %s 'a long pass phrase' | dateline users password ana --password-stdin
  dateline users list

A ledger without users is served to its own machine alone; with users, everybody signs in.")]
pub struct UsersArgs {
    #[command(subcommand)]
    command: Users,
}

#[derive(Debug, Subcommand)]
enum Users {
    /// Give somebody access; prints a password made for them
    Add {
        /// Their name, as decisions are logged under
        name: String,
        /// What they may do
        #[arg(long, value_enum, default_value = "reader")]
        role: RoleArg,
        #[command(flatten)]
        secret: Secret,
        #[command(flatten)]
        ledger: LedgerArgs,
    },
    /// List who has access
    List {
        #[command(flatten)]
        ledger: LedgerArgs,
    },
    /// Give somebody a new password, and sign them out
    Password {
        /// Whose
        name: String,
        #[command(flatten)]
        secret: Secret,
        #[command(flatten)]
        ledger: LedgerArgs,
    },
    /// Change what somebody may do, and sign them out
    Role {
        /// Whose
        name: String,
        /// What they may do
        #[arg(value_enum)]
        role: RoleArg,
        #[command(flatten)]
        ledger: LedgerArgs,
    },
    /// Take somebody's access; what they decided stays, under their name
    Remove {
        /// Whose
        name: String,
        #[command(flatten)]
        ledger: LedgerArgs,
    },
}

#[derive(Debug, ClapArgs)]
struct Secret {
    /// Take the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleArg {
    /// Read, search, export
    Reader,
    /// Decide in the review and add dispatches, too
    Reviewer,
    /// Everything
    Admin,
}

impl RoleArg {
    fn name(self) -> &'static str {
        match self {
            RoleArg::Reader => Role::Reader.name(),
            RoleArg::Reviewer => Role::Reviewer.name(),
            RoleArg::Admin => Role::Admin.name(),
        }
    }
}

impl Secret {
    /// The password, and whether it was made here and has to be shown.
    fn take(&self) -> anyhow::Result<(String, bool)> {
        if !self.password_stdin {
            return Ok((password::generate(), true));
        }
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        let given = line.trim_end_matches(['\r', '\n']).to_owned();
        let length = given.chars().count();
        let shortest = password::SHORTEST;
        anyhow::ensure!(length >= shortest, "the password has {length} characters (give at least {shortest})");
        Ok((given, false))
    }
}

/// Does what was asked.
pub fn run(args: &UsersArgs) -> anyhow::Result<Tally> {
    let hashed = |secret: &Secret| -> anyhow::Result<(String, Option<String>)> {
        let (given, made) = secret.take()?;
        let hash = password::hash(&given).map_err(|e| anyhow::anyhow!("the password could not be hashed: {e}"))?;
        Ok((hash, made.then_some(given)))
    };
    let show = |name: &str, made: Option<String>| {
        if let Some(made) = made {
            anstream::println!("password of {name}: {made}\n(shown once; the ledger keeps only its hash)");
        }
    };
    let known = |name: &str, found: bool| {
        anyhow::ensure!(found, "{name}: no user of this name (see `dateline users list`)");
        Ok(())
    };
    match &args.command {
        Users::Add { name, role, secret, ledger } => {
            let odd = name.is_empty() || name.chars().any(|c| c.is_control()) || name.trim() != name;
            anyhow::ensure!(!odd && name.len() <= 100, "{name:?}: no name for a user (letters, digits, spaces within)");
            let ledger = Ledger::open_or_create(&ledger.ledger)?;
            let (hash, made) = hashed(secret)?;
            let added = ledger.add_user(name, role.name(), &hash, Timestamp::now())?;
            anyhow::ensure!(added, "{name}: has access already (change it with `dateline users role` or `password`)");
            show(name, made);
        }
        Users::List { ledger } => {
            for user in Ledger::open_to_read(&ledger.ledger)?.users()? {
                anstream::println!("{:<24} {:<9} since {}", user.name, user.role, &user.created_at[..10]);
            }
        }
        Users::Password { name, secret, ledger } => {
            let ledger = Ledger::open(&ledger.ledger)?;
            let (hash, made) = hashed(secret)?;
            known(name, ledger.change_user(name, None, Some(&hash))?)?;
            show(name, made);
        }
        Users::Role { name, role, ledger } => {
            known(name, Ledger::open(&ledger.ledger)?.change_user(name, Some(role.name()), None)?)?;
        }
        Users::Remove { name, ledger } => known(name, Ledger::open(&ledger.ledger)?.remove_user(name)?)?,
    }
    Ok(Tally { done: 1, failed: 0 })
}

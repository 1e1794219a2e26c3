//! Completion scripts and the manual page.

use std::io::Write;

use clap::CommandFactory;

use crate::args::Args;
use crate::batch::Tally;

/// Prints a completion script.
pub fn completions(shell: clap_complete::Shell) -> anyhow::Result<Tally> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "dateline", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Tally::default())
}

/// Prints the manual page: the command, then each subcommand.
pub fn man() -> anyhow::Result<Tally> {
    let mut page = Vec::new();
    let command = Args::command();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands() {
        let title = format!("dateline {}", sub.get_name());
        writeln!(page, ".SH \"{}\"", title.to_uppercase())?;
        let man = clap_mangen::Man::new(sub.clone().bin_name(title).disable_help_flag(true));
        man.render_description_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_options_section(&mut page)?;
        man.render_extra_section(&mut page)?;
    }
    std::io::stdout().write_all(&page)?;
    Ok(Tally::default())
}

"""The only place that sees every part: joins them into processes and tools."""

from anamnesis.bootstrap.accounts import add_account, add_accounts_offline
from anamnesis.bootstrap.application import run_application
from anamnesis.bootstrap.keeper import open_keeper, run_keeper
from anamnesis.bootstrap.keys import load_signer
from anamnesis.bootstrap.refusal import StartRefused
from anamnesis.bootstrap.service import serve
from anamnesis.bootstrap.tools import Tools, open_journal_tools, open_record_reader

__all__ = [
    "StartRefused",
    "Tools",
    "add_account",
    "add_accounts_offline",
    "load_signer",
    "open_journal_tools",
    "open_keeper",
    "open_record_reader",
    "run_application",
    "run_keeper",
    "serve",
]

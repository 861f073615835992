"""The sentences that go with the keeper's codes, in French and in English."""

from anamnesis.settings import Language

_FRENCH = {
    "malformed": "La demande est incomplète ou mal formée.",
    "too-many-entries": "Trop de saisies dans un seul envoi.",
    "request-too-large": "L'envoi est trop volumineux.",
    "entry-too-large": "Le texte dépasse la taille permise (1 Mio) : raccourcissez-le.",
    "unknown-kind": "Ce serveur ne connaît pas encore ce type de saisie.",
    "kind-not-allowed": "Ce type de saisie est réservé aux commandes de l'exploitant.",
    "lone-surrogate": "Le texte contient un caractère incomplet qui ne peut pas être conservé.",
    "nul-character": "Le texte contient un caractère nul qui ne peut pas être conservé.",
    "number-not-exact": "Un nombre ne peut pas être conservé exactement.",
    "too-deep": "Le contenu est imbriqué trop profondément.",
    "not-json": "Le contenu n'est pas du JSON.",
    "digest-mismatch": "Le contenu reçu n'est pas celui que l'appareil a signé.",
    "wrong-practice": "Cette saisie appartient à un autre cabinet.",
    "wrong-author": "Cette saisie appartient à une autre personne.",
    "id-reused": "Cet identifiant désigne déjà une autre saisie.",
    "sequence-reused": "Ce numéro désigne déjà une autre saisie de cet appareil.",
    "sequence-gap": "Une saisie antérieure de cet appareil n'est pas encore arrivée.",
    "device-taken": "Cet appareil est déjà celui d'une autre personne.",
    "journal-unavailable": "Le journal ne peut rien écrire pour l'instant ; "
    "votre texte reste sur cet appareil et sera renvoyé.",
    "keeper-busy": "Le serveur est saturé ; votre texte reste sur cet appareil et sera renvoyé.",
    "record-unavailable": "Le dossier ne peut pas être relu pour l'instant.",
    "application-unavailable": "L'application redémarre. "
    "Les saisies sont conservées ; les pages reviennent dans un instant.",
    "audit-unavailable": "La trace des accès ne peut pas être écrite : consultation suspendue.",
    "sign-in-refused": "Identifiant ou mot de passe incorrect.",
    "sign-in-limited": "Trop d'essais. Réessayez dans quelques minutes.",
    "not-signed-in": "Connectez-vous.",
    "csrf-refused": "La demande ne vient pas de cette page. Rechargez-la.",
    "origin-refused": "La demande vient d'un autre site.",
    "encounter-unknown": "Cette consultation n'existe pas dans ce cabinet.",
    "entry-unknown": "Cette saisie n'existe pas dans ce cabinet.",
    "not-found": "Il n'y a rien à cette adresse.",
    "method-not-allowed": "Cette adresse n'accepte pas cette méthode.",
    "size-unknown": "Le journal n'a pas (encore) cette taille.",
    "internal-error": "Le serveur a rencontré une erreur ; rien n'est confirmé.",
}

_ENGLISH = {
    "malformed": "The request is incomplete or malformed.",
    "too-many-entries": "There are too many entries in one request.",
    "request-too-large": "The request is too large.",
    "entry-too-large": "The text is larger than 1 MiB: shorten it.",
    "unknown-kind": "This server does not know this kind of entry yet.",
    "kind-not-allowed": "Only the operator's commands write this kind of entry.",
    "lone-surrogate": "The text has half a character in it, which cannot be kept.",
    "nul-character": "The text has a NUL character in it, which cannot be kept.",
    "number-not-exact": "A number cannot be kept exactly.",
    "too-deep": "The content is nested too deeply.",
    "not-json": "The content is not JSON.",
    "digest-mismatch": "The content received is not what the device digested.",
    "wrong-practice": "This entry belongs to another practice.",
    "wrong-author": "This entry belongs to somebody else.",
    "id-reused": "This id already stands for another entry.",
    "sequence-reused": "This number already stands for another entry of this device.",
    "sequence-gap": "An earlier entry of this device has not arrived yet.",
    "device-taken": "This device already belongs to somebody else.",
    "journal-unavailable": "The journal cannot write at the moment; "
    "your text stays on this device and will be sent again.",
    "keeper-busy": "The server is saturated; your text stays on this device and is sent again.",
    "record-unavailable": "The record cannot be read back at the moment.",
    "application-unavailable": "The application is starting again. "
    "What you type is kept; the pages will be back in a moment.",
    "audit-unavailable": "The audit trail cannot be written: records stay closed until it can.",
    "sign-in-refused": "The login or the password is wrong.",
    "sign-in-limited": "Too many tries. Try again in a few minutes.",
    "not-signed-in": "Sign in.",
    "csrf-refused": "The request does not come from this page. Load it again.",
    "origin-refused": "The request comes from another site.",
    "encounter-unknown": "There is no such encounter in this practice.",
    "entry-unknown": "There is no such entry in this practice.",
    "not-found": "There is nothing at this address.",
    "method-not-allowed": "This address does not take this method.",
    "size-unknown": "The journal does not have this size (yet).",
    "internal-error": "The server met an error; nothing is confirmed.",
}

_TEXTS: dict[Language, dict[str, str]] = {"fr": _FRENCH, "en": _ENGLISH}


def codes() -> frozenset[str]:
    """Every code that has a sentence, the same in each language."""
    return frozenset(_FRENCH) | frozenset(_ENGLISH)


def message(code: str, language: Language) -> str:
    """The sentence for `code`; a code from a newer part of the product stands for itself."""
    return _TEXTS[language].get(code, code)

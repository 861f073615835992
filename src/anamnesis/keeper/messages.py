"""The sentences that go with codes, in French and in English.

The keeper's own codes, and those of entries that the record could not take or shows wrongly.
"""

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
    "role-refused": "Ce compte n'y a pas accès : les dossiers sont aux praticiens, "
    "l'exploitation aux exploitants.",
    "register-changed": "Quelqu'un d'autre a écrit dans cette inscription entre-temps : "
    "rechargez la page, puis reprenez.",
    "share-refused": "Ce lien et ce code n'ouvrent aucun document. "
    "Vérifiez le code, ou demandez un nouveau partage à votre praticien.",
    "share-limited": "Trop d'essais. Réessayez dans quelques minutes.",
    "csrf-refused": "La demande ne vient pas de cette page. Rechargez-la.",
    "origin-refused": "La demande vient d'un autre site.",
    "encounter-unknown": "Cette consultation n'existe pas dans ce cabinet.",
    "entry-unknown": "Cette saisie n'existe pas dans ce cabinet.",
    "not-found": "Il n'y a rien à cette adresse.",
    "method-not-allowed": "Cette adresse n'accepte pas cette méthode.",
    "size-unknown": "Le journal n'a pas (encore) cette taille.",
    "internal-error": "Le serveur a rencontré une erreur ; rien n'est confirmé.",
    "file-type-differs": "Le fichier n'est pas du type annoncé : il n'est pas ajouté.",
    "part-size-wrong": "Une partie du fichier n'a pas la bonne taille.",
    "right-without-reason": "Cette décision demande un motif écrit (20 caractères au moins).",
    "not-notified-without-reason": "Ne pas notifier la CNIL demande un motif écrit : "
    "20 caractères au moins.",
    "not-informed-without-reason": "Ne pas informer les patients demande un motif écrit : "
    "20 caractères au moins.",
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
    "role-refused": "This account may not go there: records are for practitioners, "
    "operating is for operators.",
    "register-changed": "Somebody else has written in this entry of the register meanwhile: "
    "load the page again, then go on.",
    "share-refused": "This link and this code open no document. "
    "Check the code, or ask your practitioner to share it again.",
    "share-limited": "Too many tries. Try again in a few minutes.",
    "csrf-refused": "The request does not come from this page. Load it again.",
    "origin-refused": "The request comes from another site.",
    "encounter-unknown": "There is no such encounter in this practice.",
    "entry-unknown": "There is no such entry in this practice.",
    "not-found": "There is nothing at this address.",
    "method-not-allowed": "This address does not take this method.",
    "size-unknown": "The journal does not have this size (yet).",
    "internal-error": "The server met an error; nothing is confirmed.",
    "file-type-differs": "The file is not of the type it says: it is not added.",
    "part-size-wrong": "A part of the file is not of its size.",
    "right-without-reason": "This decision needs a written reason (at least 20 characters).",
    "not-notified-without-reason": "Not to notify the authority needs a written reason: "
    "at least 20 characters.",
    "not-informed-without-reason": "Not to inform the patients needs a written reason: "
    "at least 20 characters.",
}

_FRENCH_RECORD = {
    "content-refused": "Le contenu n'a pas la forme attendue : la saisie est "
    "conservée dans le journal.",
    "erased": "Le contenu a été effacé par une décision inscrite au journal.",
    "practice-mismatch": "Un cabinet a été créé sous l'identifiant d'un autre.",
    "practice-exists": "Ce cabinet existait déjà.",
    "practitioner-exists": "Ce praticien existait déjà.",
    "practitioner-unknown": "Ce praticien n'existe pas dans ce cabinet.",
    "patient-exists": "Ce patient existait déjà ; modifiez son identité.",
    "patient-unknown": "Ce patient n'existe pas dans ce cabinet.",
    "patient-mismatch": "Cette consultation ou cette mesure est celle d'un autre patient.",
    "encounter-exists": "Cette consultation existait déjà.",
    "text-changed": "Le texte signé n'est pas le texte actuel : relisez-le, puis signez.",
    "nothing-to-sign": "Il n'y a rien à signer : la note est vide.",
    "entered-in-error": "Cette note a été annulée.",
    "divergence-unknown": "Cette divergence n'existe pas dans la note.",
    "observation-unknown": "Cette mesure n'existe pas dans ce cabinet.",
    "appointment-unknown": "Ce rendez-vous n'existe pas dans ce cabinet.",
    "fold-failed": "Une panne du logiciel empêche d'inscrire cette saisie ; "
    "elle est conservée dans le journal.",
    "read-back-missing": "Le dossier ne montre pas cette saisie ; elle est conservée "
    "dans le journal.",
    "read-back-misplaced": "Le dossier montre une autre saisie à sa place ; la vôtre "
    "est conservée.",
    "read-back-misfiled": "Le dossier la range dans une autre consultation ; elle est "
    "conservée dans le journal.",
    "read-back-differs": "Le dossier montre un autre texte ; le vôtre est conservé "
    "dans le journal.",
    "read-back-merge-differs": "Le dossier a mal réuni deux textes ; les deux sont "
    "conservés dans le journal.",
    "read-back-note-differs": "La note affichée n'est pas sa dernière version ; elle est "
    "conservée.",
    "read-back-provenance": "Le dossier attribue cette saisie à quelqu'un ou à quelque chose "
    "d'autre ; elle est conservée telle quelle.",
    "resource-unknown": "Cet élément n'existe pas dans ce cabinet.",
    "resource-mismatch": "Cet identifiant désigne déjà un élément d'un autre type.",
    "document-unknown": "Ce document n'existe pas dans ce cabinet.",
    "document-not-issued": "Un brouillon ne se partage pas : validez d'abord le document.",
    "share-exists": "Ce partage existait déjà.",
    "share-unknown": "Ce partage n'existe pas dans ce cabinet.",
    "file-incomplete": "Il manque des parties du fichier : il est envoyé à nouveau.",
    "file-differs": "Le fichier reçu n'est pas celui qui a été choisi : il est envoyé à nouveau.",
    "appointment-overlaps": "Ce créneau est déjà pris : le rendez-vous n'est pas placé.",
    "appointment-changed": "Ce rendez-vous a été déplacé entre-temps par quelqu'un d'autre.",
}

_ENGLISH_RECORD = {
    "content-refused": "The content has not the expected shape: the entry is kept in the journal.",
    "erased": "The content was erased by a decision that the journal has.",
    "practice-mismatch": "A practice was created under another's id.",
    "practice-exists": "This practice existed already.",
    "practitioner-exists": "This practitioner existed already.",
    "practitioner-unknown": "There is no such practitioner in this practice.",
    "patient-exists": "This patient existed already; amend the identity.",
    "patient-unknown": "There is no such patient in this practice.",
    "patient-mismatch": "This encounter or measurement is another patient's.",
    "encounter-exists": "This encounter existed already.",
    "text-changed": "The text signed is not the current one: read it again, then sign.",
    "nothing-to-sign": "There is nothing to sign: the note is blank.",
    "entered-in-error": "This note was entered in error.",
    "divergence-unknown": "There is no such divergence in the note.",
    "observation-unknown": "There is no such measurement in this practice.",
    "appointment-unknown": "There is no such appointment in this practice.",
    "fold-failed": "A fault of the software keeps this entry out of the record; "
    "it is kept in the journal.",
    "read-back-missing": "The record does not show this entry; it is kept in the journal.",
    "read-back-misplaced": "The record shows another entry in its place; yours is kept.",
    "read-back-misfiled": "The record files it under another encounter; it is kept in the journal.",
    "read-back-differs": "The record shows another text; yours is kept in the journal.",
    "read-back-merge-differs": "The record joined two texts wrongly; both are kept in the journal.",
    "read-back-note-differs": "The note shown is not its latest version, which is kept.",
    "read-back-provenance": "The record says that somebody or something else wrote this entry; "
    "it is kept as it was.",
    "resource-unknown": "There is no such item in this practice.",
    "resource-mismatch": "This id already stands for an item of another type.",
    "document-unknown": "There is no such document in this practice.",
    "document-not-issued": "A draft is not shared: issue the document first.",
    "share-exists": "This share existed already.",
    "share-unknown": "There is no such share in this practice.",
    "file-incomplete": "Parts of the file are missing: it is sent again.",
    "file-differs": "The file received is not the one that was chosen: it is sent again.",
    "appointment-overlaps": "This time is taken: the appointment is not placed.",
    "appointment-changed": "Somebody else has moved this appointment meanwhile.",
}

_TEXTS: dict[Language, dict[str, str]] = {
    "fr": _FRENCH | _FRENCH_RECORD,
    "en": _ENGLISH | _ENGLISH_RECORD,
}


def codes(language: Language) -> frozenset[str]:
    """Every code that has a sentence in this language."""
    return frozenset(_TEXTS[language])


def message(code: str, language: Language) -> str:
    """The sentence for `code`; a code from a newer part of the product stands for itself."""
    return _TEXTS[language].get(code, code)

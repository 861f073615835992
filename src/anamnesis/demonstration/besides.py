"""What any note may also say, whatever the reason: life, family, the rest of the examination."""

ADULT_HISTORY = """
?? ATCD familiaux : HTA chez la mère, diabète chez un oncle. | ATCD familiaux : père décédé d’un IDM à 71 ans, mère en bonne santé. | ATCD familiaux : cancer du côlon chez un grand-père, RAS par ailleurs.
?? Mode de vie : {metier}, vit en appartement, entourage présent ; activité physique {nombre} h par semaine. | Mode de vie : {metier}, sommeil correct, alimentation équilibrée dans l’ensemble. | Contexte : {metier}, charge de travail importante en ce moment, dit « tenir le coup ».
?? Pas de voyage récent hors de métropole, pas de contage particulier en dehors de ce qui est dit plus haut.
?? Attente exprimée : comprendre « d’où ça vient » et ne pas passer à côté de quelque chose. | Attente exprimée : être soulagé{e} vite, rendez-vous important dans {jours} jours.
?? Allergies vérifiées ce jour : {allergies}. Traitement au long cours : {traitement}.
?? Dernière prise de sang il y a {mois} mois : NFS, CRP, créatinine et bilan hépatique normaux.
"""

ADULT_EXAMINATION = """
?? Examen neurologique sommaire normal : pas de déficit, marche et équilibre sans particularité.
?? Peau et téguments : pas de lésion suspecte sur les zones examinées, pas de pâleur, pas d’ictère.
?? Aires ganglionnaires libres, thyroïde non augmentée de volume.
?? Mollets souples et indolores, pas d’œdème, pouls périphériques présents et symétriques.
"""

ADULT_CONCLUSION = """
?? Diagnostic et options expliqués, questions reprises une à une ; d’accord avec la prise en charge. | Décision partagée, reformulée avec ses mots ; fiche d’information remise.
?? Ordonnance remise et relue, effets indésirables attendus expliqués ; pas d’interaction retrouvée avec : {traitement}.
?? Synthèse médicale (VSM) mise à jour, copie versée à Mon espace santé avec son accord.
?? Prévention abordée : activité physique, tabac ({tabac}), vaccins, dépistages selon l’âge.
"""

CHILD_HISTORY = """
?? Carnet de santé apporté et relu, pages de croissance à jour. | Carnet de santé oublié, données reprises du dossier.
?? Fratrie en bonne santé, pas de maladie chronique connue dans la famille proche. | Mère asthmatique, père en bonne santé, un grand frère.
?? Mange de tout « ou presque », boit de l’eau ; pas de restriction à la maison.
?? Allergies vérifiées : {allergies}. Traitement en cours : {traitement}.
"""

CHILD_EXAMINATION = """
?? Enfant éveillé{e}, de bonne coloration, participe à l’examen et accepte l’abaisse-langue après négociation.
?? Peau : pas de purpura, pas d’ecchymose inhabituelle, pas d’éruption en dehors de ce qui est décrit.
?? Auscultation cardiaque : bruits réguliers, pas de souffle ; pouls fémoraux présents.
"""

CHILD_CONCLUSION = """
?? Signes devant faire reconsulter relus avec {parent}, qui reformule sans difficulté ; numéro du 15 rappelé.
?? Poids du jour noté sur l’ordonnance, pipette graduée montrée.
?? Carnet de santé rempli, prochain rendez-vous noté au crayon.
"""

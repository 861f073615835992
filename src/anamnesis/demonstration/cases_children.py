"""Children: growth, vaccines, ears and coughs. The parent speaks."""

from anamnesis.demonstration.case import Case

GROWTH = ("weight", "height")
ILL = ("weight", "temperature", "heart-rate", "oxygen-saturation")

CHILDREN = (
    Case(
        name="examen du nourrisson",
        ages=(0.05, 2.2),
        weight=9,
        measures=GROWTH,
        motif="Examen systématique, vaccins | Consultation de suivi {age_txt} | Suivi nourrisson + vaccins",
        history="""
        Vu{e} avec {parent}. {age_txt}, né{e} à {sa_naissance} SA, PN {pn} g, grossesse et naissance sans particularité.
        Allaitement maternel jusqu’à {nombre} mois, puis lait 2e âge {nombre}x210 ml/j. Diversification bien tolérée. | Lait 1er âge {nombre} biberons/j, régurgitations simples après les repas, non douloureuses.
        Sommeil : nuits de {heures_nuit} h, sur le dos, dans sa chambre. | Se réveille 2x/nuit, se rendort seul{e}.
        Transit : selles molles quotidiennes, pas de sang.
        Vitamine D 400 UI/j : donnée. Pas d’autre traitement. Allergies : {allergies}.
        Mode de garde : {garde}. Écrans : non.
        Développement : {developpement}.
        Parents : pas d’inquiétude particulière. | Parents fatigués mais soutenus, pas d’argument pour une dépression du post-partum.""",
        examination="""
        Poids {poids} kg, taille {taille} cm, PC {pc} cm : courbes harmonieuses.
        Tonique, souriant{e}, bon contact œil à œil, poursuite oculaire normale, se tourne au bruit.
        FA normotendue, {fontanelle}. Pas de plagiocéphalie. | FA souple, aplatissement occipital droit discret.
        Auscultation cardio-pulmonaire normale, pouls fémoraux perçus.
        Abdomen souple, pas d’organomégalie, OGE normaux{testicules}.
        Hanches : abduction symétrique, pas de ressaut. Rachis sans anomalie.
        Peau saine. | Peau : eczéma léger des plis et des joues. Lueurs pupillaires présentes, reflets cornéens symétriques.""",
        conclusion="""
        Nourrisson de {age_txt} en bonne santé, croissance et développement normaux.
        Vaccins ce jour : {vaccins_nourrisson}, bien tolérés ; carnet rempli.
        Paracétamol {dose_para} mg x 4/j si T° ≥ 38,5 °C ou inconfort.
        Conseils : couchage sur le dos, pas d’écran avant 3 ans, ne jamais secouer, lecture et motricité libre. | Conseils d’alimentation : morceaux, allergènes dont arachide et œuf, pas de miel < 1 an.
        Vitamine D poursuivie.
        Prochain RDV : {prochain_nourrisson}.""",
    ),
    Case(
        name="suivi enfant",
        ages=(2.2, 15),
        weight=2.2,
        measures=GROWTH,
        motif="Suivi {age_txt} | Examen systématique enfant | Bilan rentrée, vaccins",
        history="""
        Vu{e} avec {parent}. École : {ecole}, se passe bien. | École : {ecole}, maîtresse signale de l’agitation en fin de journée.
        Alimentation variée, petit-déjeuner pris. Boissons sucrées le week-end. | Sélectif, refuse les légumes verts.
        Sommeil {heures_nuit} h/nuit. Écrans ≈ {nombre}0 min/j, tablette dans la chambre : non.
        Activité : {sport}, vélo. Propre jour et nuit. | Énurésie 1 à 2x/semaine, père énurétique jusqu’à 8 ans.
        Vision et audition : pas de plainte. Dents : 2 brossages/j, M’T dents fait.
        ATCD : {atcd}. Allergies : {allergies}. Traitement : {traitement}.
        ? Douleurs de jambes le soir, bilatérales, jamais de boiterie.""",
        examination="""
        Poids {poids} kg, taille {taille} cm, IMC {imc} : couloir habituel, pas de rebond précoce.
        BEG, participe. Langage adapté à l’âge, phrases construites.
        Auscultation cardio-pulmonaire normale, pas de souffle.
        Abdomen souple. Tympans normaux. Denture sans carie visible. | Carie débutante de la 75.
        Rachis : pas de gibbosité. Genoux valgum physiologique. Marche normale.
        Test de vision (E) : 10/10 aux deux yeux. | Cover test normal, vision 9/10 des deux côtés.
        Stade pubertaire : {tanner}.""",
        conclusion="""
        Enfant en bonne santé, croissance régulière.
        Vaccins : {vaccins_enfant}.
        Prévention : casque, eau, écrans (repères 3-6-9-12), crème solaire.
        ? Dentiste dans le mois. | Bilan orthophonique demandé.
        Douleurs de croissance : rassurer, revoir si boiterie, fièvre ou douleur unilatérale. | Énurésie primaire isolée : calendrier mictionnel, pas de punition, revoir à 3 mois.
        Prochain examen obligatoire : {prochain_enfant}.""",
    ),
    Case(
        name="rhume enfant",
        ages=(0.4, 15),
        months=(10, 11, 12, 1, 2, 3),
        weight=4,
        fever=(0.3, 2.0),
        measures=ILL,
        motif="Fièvre et toux | Rhinopharyngite | Toux depuis {jours} j, fièvre",
        history="""
        Vu{e} avec {parent}. Rhinorrhée {couleur} et toux grasse depuis {jours} j, fièvre à {temp} °C surtout le soir. | Vu{e} avec {parent}. Nez pris depuis {jours} j, tousse la nuit, T° max {temp} °C.
        Joue entre les pics, mange moins, boit bien. | Un peu grognon, dort mal à cause du nez.
        Pas de gêne respiratoire, pas de vomissement, pas d’éruption, pas de plainte à la miction.
        Garde / école : {garde}, plusieurs enfants enrhumés. Pas d’otalgie exprimée.
        Vaccins à jour. ATCD : {atcd}.""",
        examination="""
        T° {temp_jour} °C, poids {poids} kg, FC {fc}/min, SpO2 {sat} % AA, FR {fr}/min.
        Rhinorrhée {couleur}, pharynx rouge sans exsudat. Tympans : normaux. | Tympans roses, non bombants.
        Auscultation libre, pas de tirage, pas de sibilant. Nuque souple, pas de purpura.
        Abdomen souple, indolore. TRC < 3 s. ADP cervicales banales.""",
        conclusion="""
        Rhinopharyngite virale, bien tolérée.
        Lavages de nez au sérum physiologique (gestes montrés), paracétamol {dose_para} mg x 4/j si T° ≥ 38,5 °C avec inconfort.
        Pas d’antibiotique, pas de sirop antitussif avant 6 ans.
        Reconsulter si fièvre > 3 j, gêne pour respirer, refus de boire, otalgie, éruption.
        ? Présence parentale 2 jours, certificat remis.""",
    ),
    Case(
        name="angine enfant",
        ages=(3, 15),
        months=(11, 12, 1, 2, 3, 4),
        weight=2,
        fever=(0.8, 2.4),
        measures=ILL,
        motif="Mal de gorge et fièvre | Angine ? TDR",
        history="""
        Vu{e} avec {parent}. Odynophagie depuis {jours} j, fièvre à {temp} °C, céphalées. | Vu{e} avec {parent}. « J’ai mal quand j’avale » dp {jours} jours, T° {temp} °C.
        Douleurs abdominales au début, un vomissement. | Pas de signe digestif.
        Pas de toux, nez sec. Mange liquide et froid. Scarlatine signalée à l’école. | Toux légère, pas d’éruption.
        Allergies : {allergies}. Vaccins à jour.""",
        examination="""
        T° {temp_jour} °C, poids {poids} kg, FC {fc}/min. BEG.
        Amygdales érythémateuses, {cm} cm, exsudat blanchâtre punctiforme. Voile symétrique, pas de trismus. | Angine érythémateuse, langue saburrale.
        ADP sous-maxillaires bilatérales sensibles. Pas de rash, pas de splénomégalie. Tympans normaux.
        TDR streptocoque A : {tdr}.""",
        conclusion="""
        {conduite_angine}
        Paracétamol {dose_para} mg x 4/j, boissons fraîches. Pas d’AINS.
        Retour à l’école 24 h après apyrexie. | Retour à l’école 48 h après le début de l’antibiotique s’il y en a un.
        Revoir si fièvre à 72 h, torticolis, bave, urines foncées.""",
    ),
    Case(
        name="otite",
        ages=(0.4, 9),
        months=(10, 11, 12, 1, 2, 3, 4),
        weight=4,
        fever=(0.5, 2.2),
        measures=ILL,
        motif="Fièvre et otalgie {cote} | A pleuré toute la nuit | Otite ?",
        history="""
        Vu{e} avec {parent}. Rhinopharyngite depuis {jours} j, fièvre à {temp} °C depuis hier, otalgie {cote}.
        S’est réveillé{e} en pleurs, se touche l’oreille. | « Mal à l’oreille » depuis ce matin, calmé par le Doliprane.
        Mange moins, boit bien, urine normalement.
        Pas de vomissement, pas d’éruption, pas de gêne respiratoire. | Un vomissement après une quinte.
        {episodes} otite(s) cet hiver. Garde : {garde}.
        Vaccins à jour (pneumocoque 3 doses). Allergies : {allergies}.""",
        examination="""
        T° {temp_jour} °C, poids {poids} kg, FC {fc}/min, SpO2 {sat} % AA. BEG entre les pics, coloré{e}, TRC < 3 s.
        Tympan {cote} bombant, congestif, relief effacé. Tympan {autre_cote} normal. | Tympan {cote} congestif non bombant, {autre_cote} normal.
        Pas de tuméfaction rétro-auriculaire, pas de décollement du pavillon.
        Pharynx rouge, ADP cervicales banales.
        Auscultation libre, FR {fr}/min, pas de tirage. Nuque souple, pas de purpura.""",
        conclusion="""
        {conduite_otite}
        Paracétamol {dose_para} mg toutes les 6 h (60 mg/kg/j), ibuprofène en 2e intention, non associé d’emblée.
        Lavages de nez. Pas de gouttes auriculaires.
        ? Éviction de crèche non obligatoire.
        Revoir à 48–72 h si fièvre persistante ; avant si somnolence, vomissements, oreille décollée, éruption.""",
    ),
    Case(
        name="bronchiolite",
        ages=(0.1, 1.9),
        months=(11, 12, 1, 2),
        weight=5,
        fever=(0.0, 1.0),
        measures=ILL,
        motif="Toux, respire vite | Bronchiolite ? | Gêne respiratoire",
        history="""
        Vu{e} avec {parent}. J{jours} d’une rhinite, toux en quintes depuis hier, « siffle ».
        Prend les ¾ de ses biberons, sans vomissement. | Boit environ la moitié depuis ce matin.
        T° max {temp} °C. Pas d’apnée, pas de cyanose, pas de malaise.
        {episodes} épisode(s) auparavant. Terme {sa_naissance} SA, pas de cardiopathie, pas de tabagisme à la maison.
        Fratrie enrhumée. Nirsévimab reçu en maternité. | Pas de nirsévimab.""",
        examination="""
        Poids {poids} kg, T° {temp_jour} °C, FR {fr_nourrisson}/min, FC {fc}/min, SpO2 {sat} % en AA.
        Tirage sous-costal léger, pas de battement des ailes du nez, pas de geignement.
        Sibilants et quelques sous-crépitants bilatéraux, MV symétrique.
        Coloration normale, TRC < 2 s, tonus normal, FA plane.
        Tympans : normaux. Abdomen souple.""",
        conclusion="""
        Bronchiolite aiguë légère, sans critère d’hospitalisation.
        DRP avant chaque prise, fractionnement (×2, volumes réduits), tête surélevée non nécessaire.
        Pas de bronchodilatateur, pas de corticoïde, pas de kinésithérapie respiratoire systématique.
        Surveillance expliquée et fiche remise : moins de la moitié des prises sur 2 repas, tirage, pauses, somnolence → 15.
        Revu{e} demain si doute, sinon appel dans 24 h.""",
    ),
    Case(
        name="varicelle",
        ages=(1, 9),
        months=(2, 3, 4, 5, 6),
        weight=1.2,
        fever=(0.3, 1.5),
        measures=("weight", "temperature"),
        motif="Boutons et fièvre | Varicelle ? | Éruption depuis {jours} j",
        history="""
        Vu{e} avec {parent}. Éruption vésiculeuse depuis {jours} j, débutée au tronc et au cuir chevelu, prurit.
        T° max {temp} °C. Mange peu, boit bien. Varicelle dans la classe.
        Pas d’immunodépression dans l’entourage ; mère non enceinte, a eu la varicelle.
        Aucune prise d’AINS (vérifié). Allergies : {allergies}.""",
        examination="""
        T° {temp_jour} °C, poids {poids} kg. BEG.
        Lésions d’âges différents : macules, vésicules, croûtes ; cuir chevelu atteint, muqueuse buccale : 2 érosions.
        Pas de surinfection. Pas de lésion oculaire. Auscultation libre, nuque souple, marche normale.""",
        conclusion="""
        Varicelle non compliquée.
        Paracétamol {dose_para} mg x 4/j si besoin. PAS d’ibuprofène ni d’aspirine.
        Douche tiède, ongles courts, chlorhexidine locale. Antihistaminique le soir si prurit.
        Éviction conseillée jusqu’à la croûte de toutes les lésions ; prévenir les femmes enceintes.
        Consulter si fièvre > 4 j, lésion rouge chaude douloureuse, somnolence, démarche ébrieuse.""",
    ),
    Case(
        name="gastro enfant",
        ages=(0.5, 8),
        months=(11, 12, 1, 2, 3),
        weight=2,
        fever=(0.0, 1.4),
        measures=ILL,
        motif="Vomissements et diarrhée | Gastro, refuse de boire",
        history="""
        Vu{e} avec {parent}. {nombre} vomissements depuis hier soir, {nombre} selles liquides, ni sang ni bile.
        T° max {temp} °C. A gardé {nombre}0 ml d’eau ce matin. Dernière miction il y a {heures} h.
        Poids de référence il y a 3 semaines : {poids_avant} kg (perte < 5 %).
        Crèche/école : plusieurs cas. Pas de voyage.""",
        examination="""
        Poids {poids} kg, T° {temp_jour} °C, FC {fc}/min, TRC 2 s. Réactif{ve}, pleure avec des larmes.
        Muqueuses humides, yeux non cernés, pas de pli cutané, FA plane ou fermée.
        Abdomen souple, ballonné, indolore, pas de boudin palpé. Orifices herniaires libres. Tympans normaux.""",
        conclusion="""
        GEA virale sans déshydratation significative.
        SRO à volonté par petites quantités (5 ml toutes les 2–3 min), reprise du lait habituel dès que possible.
        Racécadotril selon poids, 5 jours max. Pas d’antiémétique.
        Pesée demain matin. Urgences si vomissements verts, sang, refus du SRO, somnolence, perte > 5 %.""",
    ),
)

"""What fills a day: infections, backs, wounds, stomachs, worries."""

from anamnesis.demonstration.case import Case

WINTER = (10, 11, 12, 1, 2, 3)
SPRING = (3, 4, 5, 6)
FULL = ("temperature", "systolic", "diastolic", "heart-rate", "oxygen-saturation")

EVERYDAY = (
    Case(
        name="rhinopharyngite",
        ages=(15, 130),
        months=WINTER,
        weight=5,
        fever=(0.3, 1.8),
        measures=FULL,
        motif="""
        Rhume depuis {jours} jours | Toux et nez bouché | Rhinorrhée, mal de gorge | Syndrome viral""",
        history="""
        Rhinorrhée {couleur} et obstruction nasale depuis {jours} jours. | Début il y a {jours} j par une rhinorrhée {couleur}, puis toux sèche surtout la nuit.
        Fièvre à {temp} °C la première nuit, aucune depuis ≥ 24 h. | Se dit « fébrile » mais température non prise. | T° max {temp} °C, bien calmée par paracétamol 1 g x 3/j.
        Odynophagie modérée, mange et boit normalement. | Pas de dysphagie, pas de voix couverte.
        Pas de dyspnée, pas de douleur thoracique, pas d’hémoptysie. | Ø dyspnée, Ø douleur thoracique.
        ? Plusieurs cas dans l’entourage : {entourage}.
        ? A déjà essayé : sérum physiologique, miel, « un sirop qu’il restait ».
        ? Tabac : {tabac}.
        ? Autotest COVID négatif hier.
        Pas d’otalgie, pas de céphalées inhabituelles, pas d’éruption.""",
        examination="""
        BEG, T° {temp_jour} °C, TA {ta} mmHg, FC {fc}/min, SpO2 {sat} % en AA.
        Pharynx érythémateux sans exsudat, amygdales de taille normale. | Gorge rouge, pas de points blancs, score de Mac Isaac à 1.
        Tympans : normaux des deux côtés. | Otoscopie : tympans mats mais non bombants, pas d’épanchement purulent.
        Adénopathies cervicales infracentimétriques, mobiles, indolores. | Pas d’ADP significative.
        Auscultation pulmonaire libre et symétrique, pas de crépitant, pas de sibilant. | MV perçu bilatéral, Ø foyer.
        ? Palpation des sinus indolore. Pas de raideur de nuque.""",
        conclusion="""
        Rhinopharyngite d’allure virale, sans signe de gravité. | IVAS virale banale. | Syndrome grippal probable, terrain sans risque particulier.
        Pas d’indication à une antibiothérapie, expliqué.
        TTT : lavages de nez au sérum physiologique 4 à 6x/j, paracétamol 1 g si T° ≥ 38,5 °C ou douleur, max 3 g/j. | Paracétamol 500 mg : 1 à 2 cp x 3/j si besoin, hydratation, repos.
        ? Arrêt de travail {arret} jours.
        Reconsulter si fièvre > 72 h, dyspnée, douleur thoracique ou altération de l’état général. | Revoir à 48–72 h si T° ≥ 38,5 °C persistante, avant si gêne respiratoire.""",
    ),
    Case(
        name="angine",
        ages=(15, 45),
        months=(11, 12, 1, 2, 3, 4),
        weight=2,
        fever=(1.0, 2.4),
        measures=("temperature", "heart-rate", "oxygen-saturation"),
        motif="Mal de gorge depuis {jours} j | Angine ? | Odynophagie fébrile",
        history="""
        Odynophagie intense depuis {jours} jours, fièvre à {temp} °C, frissons.
        Pas de toux, pas de rhinorrhée. | Toux discrète, rhinorrhée claire.
        Déglutition douloureuse mais possible, pas de trismus, pas d’hypersialorrhée.
        ? Notion de scarlatine {entourage}.
        ? Un épisode semblable l’hiver dernier, TDR négatif à l’époque.
        Pas d’éruption, pas de douleur abdominale. | Douleurs abdominales diffuses au début, disparues.
        Allergies : {allergies}.""",
        examination="""
        T° {temp_jour} °C, FC {fc}/min. État général conservé.
        Amygdales hypertrophiées, érythémateuses, enduit blanchâtre bilatéral. | Angine érythémateuse bilatérale, pas d’exsudat.
        Luette médiane, voile symétrique : pas d’argument pour un phlegmon.
        ADP sous-angulo-maxillaires bilatérales sensibles, {cm} cm.
        Pas de splénomégalie, pas de rash. Tympans normaux.
        TDR streptocoque A : {tdr}.""",
        conclusion="""
        {conduite_angine}
        Paracétamol en systématique 24–48 h puis à la demande ; alimentation froide et molle.
        Pas d’AINS.
        Prévenu{e} : reconsulter si impossibilité d’avaler, torticolis, voix étouffée, fièvre persistant à 72 h.""",
    ),
    Case(
        name="lombalgie",
        ages=(18, 85),
        weight=3.5,
        measures=("systolic", "diastolic", "weight"),
        motif="""
        Lombalgie aiguë | Mal de dos depuis {jours} jours | « Dos bloqué » | Lombosciatique {cote}""",
        history="""
        {Metier}. Douleur lombaire basse {cote} depuis {jours} j, apparue {effort}.
        EVA {eva}/10, mécanique, soulagée par le décubitus, impulsive à la toux. | Horaire mécanique, réveille en se retournant mais pas de douleur nocturne vraie. EVA {eva}/10.
        Irradiation fessière sans trajet radiculaire net. | Irradiation à la face postérieure de la cuisse {cote}, s’arrête au-dessus du genou. | Pas d’irradiation.
        Pas de trouble sphinctérien, pas d’anesthésie en selle, pas de déficit ressenti.
        Pas de fièvre, pas d’AEG, pas d’ATCD de cancer, pas de corticothérapie, pas de traumatisme violent.
        ? {episodes} épisode(s) comparable(s) en 5 ans, toujours favorable en < 3 semaines.
        ? A pris de l’ibuprofène 400 mg x 2 hier, bien toléré, effet partiel.
        ? Craint « la hernie » : son frère a été opéré à 40 ans.
        ATCD : {atcd}.""",
        examination="""
        TA {ta} mmHg, poids {poids} kg.
        Attitude antalgique en inclinaison {autre_cote}, contracture paravertébrale {cote}. | Rachis souple en dehors de la flexion, DMS {dms} cm.
        Lasègue négatif bilatéral. | Lasègue {cote} douloureux à 70°, non radiculaire. Léri négatif.
        Force segmentaire 5/5 aux MI, ROT présents et symétriques, sensibilité sans particularité.
        Pas de point osseux exquis à la percussion des épineuses.
        ? Marche talons/pointes possible.
        Fosses lombaires libres, abdomen souple.""",
        conclusion="""
        Lombalgie commune aiguë sans drapeau rouge. | Lumbago d’effort, pas d’argument pour une sciatique compliquée.
        Pas d’imagerie à ce stade (expliqué, accepté).
        Rassurer, maintien de l’activité +++, chaleur locale.
        Paracétamol 1 g x 3/j 5 jours ± ibuprofène 400 mg x 3/j au repas, max 5 jours. | Naproxène 550 mg x 2/j 5 jours avec repas, paracétamol en complément.
        ? Kinésithérapie : 10 séances si non amélioré à 2 semaines.
        ? AT {arret} jours, reprise prévue si amélioration.
        Consulter en urgence si trouble urinaire, perte de force, anesthésie en selle, fièvre.""",
    ),
    Case(
        name="gastro-entérite",
        ages=(15, 90),
        months=(11, 12, 1, 2, 3),
        weight=2.2,
        fever=(0.0, 1.2),
        measures=("temperature", "systolic", "diastolic", "heart-rate", "weight"),
        motif="Diarrhée et vomissements | GEA | Gastro depuis {jours} j",
        history="""
        Début brutal il y a {jours} j : vomissements x {nombre}, puis diarrhée liquide {nombre}/j sans glaire ni sang.
        Douleurs abdominales diffuses, à type de crampes, soulagées par les selles.
        T° max {temp} °C. | Pas de fièvre.
        Boit par petites quantités, tolère depuis ce matin. Diurèse conservée.
        Cas similaires : {entourage}. | Pas de repas suspect, pas de voyage, pas d’antibiotique récent.
        ? Pas de traitement par diurétique, IEC ni metformine. | Traitement habituel : {traitement}.
        Pas de rectorragie, pas de méléna, pas de malaise.""",
        examination="""
        T° {temp_jour} °C, TA {ta}, FC {fc}/min, poids {poids} kg.
        Conjonctives colorées, muqueuses humides, pas de pli cutané, TRC < 3 s.
        Abdomen souple, sensible de façon diffuse, ni défense ni contracture. BHA présents.
        McBurney négatif, pas de masse, orifices herniaires libres.
        Pas de signe de déshydratation. | Déshydratation légère (< 5 %).""",
        conclusion="""
        Gastro-entérite aiguë d’allure virale, bien tolérée.
        Hydratation fractionnée (SRO ou bouillon salé + eau sucrée), reprise alimentaire selon l’appétit.
        Racécadotril 100 mg x 3/j si diarrhée gênante ; phloroglucinol à la demande. | Pas de médicament indispensable.
        Lavage des mains, éviction de la préparation des repas 48 h.
        ? AT 2 jours.
        Reconsulter si sang dans les selles, fièvre ≥ 39 °C, douleur localisée, impossibilité de boire > 12 h.""",
    ),
    Case(
        name="plaie",
        ages=(15, 90),
        weight=1.6,
        measures=("systolic", "diastolic"),
        motif="Plaie de la main {cote} | Coupure {doigt} | Plaie du cuir chevelu après chute",
        history="""
        Ce matin {effort_plaie}, il y a environ {heures} h.
        Saignement arrêté par compression, pas de perte de sensibilité ressentie.
        Pas de corps étranger projeté, outil propre. | Plaie souillée de terre, lavée à l’eau du robinet.
        Droitier{e_simple}. {Metier}. | Pas de perte de connaissance, pas de vomissement.
        VAT : dernier rappel {vat}, carnet vu. | VAT : « à jour » selon l’intéressé{e}, pas de carnet.
        Ni anticoagulant ni antiagrégant. Allergies : {allergies}.""",
        examination="""
        Plaie linéaire de {cm} cm, bords nets, non contuse, superficielle au tissu sous-cutané. | Plaie en V de {cm} cm, bords viables.
        Exploration sous AL (lidocaïne 1 % {nombre} ml) : pas d’atteinte tendineuse, articulaire ni vasculo-nerveuse.
        Mobilité active complète contre résistance, sensibilité pulpaire conservée, TRC < 2 s.
        TA {ta} mmHg. Pas d’autre lésion.""",
        conclusion="""
        Plaie simple, lavée abondamment au sérum physiologique, suturée : {points} points de Prolène 4/0. | Plaie simple fermée par strips + colle.
        Pansement, à refaire tous les 2 jours par IDE ; ablation des fils à J{ablation}.
        Rappel dTPca fait ce jour, lot noté au carnet. | Vaccination antitétanique à jour.
        Pas d’antibiothérapie.
        Surveillance : rougeur, chaleur, douleur pulsatile, fièvre → reconsulter.
        ? AT accident du travail : CMI rédigé, soins jusqu’à J15.""",
    ),
    Case(
        name="anxiété",
        ages=(16, 80),
        weight=2.2,
        motif="Anxiété, insomnie | Fatigue, « à bout » | Troubles du sommeil | Stress au travail",
        history="""
        {Metier}. Depuis {semaines} semaines : tension permanente, ruminations le soir, endormissement > 1 h, réveil vers 4 h.
        Facteur déclenchant : {stress}.
        Humeur : tristesse fluctuante, plaisir conservé le week-end. | Irritabilité, se décrit comme « à fleur de peau ».
        Pas d’idée suicidaire, question posée directement. Pas d’ATCD de TS.
        Appétit conservé, poids stable. | A perdu 2 kg en un mois, « mange sur le pouce ».
        Café {nombre}/j, tabac : {tabac}, alcool : occasionnel, pas de cannabis.
        ? Palpitations et boule dans la gorge en réunion, pas de douleur d’effort, pas de syncope.
        ? Soutien : conjoint présent, a une amie à qui parler.
        PHQ-9 à {phq}/27, GAD-7 à {gad}/21.""",
        examination="""
        TA {ta} mmHg, FC {fc}/min, régulier.
        Contact bon, discours cohérent, pleure brièvement à l’évocation du travail. | Présentation soignée, pas de ralentissement.
        Thyroïde non palpée, pas de tremblement. Auscultation cardiaque normale.
        Pas d’élément délirant, pas d’agitation.""",
        conclusion="""
        Trouble de l’adaptation avec anxiété, sans critère d’épisode dépressif caractérisé. | Anxiété généralisée débutante.
        Psychoéducation, hygiène du sommeil (remise de fiche), respiration 365.
        AT {arret} jours. | Pas d’arrêt souhaité.
        Adressé{e} en psychologie (dispositif « Mon soutien psy »), coordonnées remises. | Hydroxyzine 25 mg au coucher pendant 2 semaines, pas de benzodiazépine.
        ? Bio : NFS, TSH, ferritine.
        Revoir dans 15 jours, avant si idées noires ; numéro 3114 donné.""",
    ),
    Case(
        name="certificat sport",
        ages=(8, 65),
        months=(8, 9, 10, 1),
        weight=2.2,
        measures=("weight", "height", "systolic", "diastolic", "heart-rate"),
        motif="Certificat de non-contre-indication | Certificat : {sport} en compétition | Licence sportive",
        history="""
        Pratique : {sport}, {nombre} h/semaine, depuis {nombre} ans.
        Aucun malaise, douleur thoracique, palpitation ni essoufflement anormal à l’effort.
        Pas de mort subite < 50 ans dans la famille, pas de cardiopathie connue.
        ATCD : {atcd}. Chirurgie : néant. | ATCD : RAS.
        Traitement : {traitement}. Allergies : {allergies}.
        ? Entorse de cheville {cote} il y a 2 ans, sans séquelle.
        ? Asthme de l’effort dans l’enfance, plus de traitement depuis > 5 ans.
        Tabac : {tabac}. Vaccins à jour.""",
        examination="""
        Taille {taille} cm, poids {poids} kg, IMC {imc} kg/m², TA {ta} mmHg aux deux bras, FC repos {fc}/min.
        Auscultation cardiaque : B1 B2 bien frappés, pas de souffle couché ni debout. Pouls fémoraux perçus.
        Auscultation pulmonaire libre.
        Appareil locomoteur : mobilités complètes, pas de scoliose, genoux stables.
        Ruffier-Dickson : {ruffier}. | Récupération normale après 30 flexions.
        ? ECG de repos : RSR, pas d’anomalie de repolarisation, QTc normal.""",
        conclusion="""
        Absence de contre-indication clinique décelée ce jour à la pratique de : {sport}, y compris en compétition.
        Certificat remis en main propre.
        Conseils : échauffement, hydratation, arrêt de l’effort et consultation si douleur thoracique, malaise ou palpitations.
        ? Protection dentaire conseillée.""",
    ),
    Case(
        name="rhinite allergique",
        ages=(6, 60),
        months=SPRING,
        weight=1.8,
        measures=("systolic", "diastolic", "oxygen-saturation"),
        motif="Rhume des foins | Éternuements, yeux qui piquent | Allergie aux graminées",
        history="""
        Comme chaque printemps depuis {nombre} ans : éternuements en salves, prurit nasal et oculaire, rhinorrhée aqueuse.
        Gêne surtout en extérieur et par temps sec ; sommeil perturbé {nombre} nuits/semaine.
        Pas de sifflement, pas de dyspnée d’effort, pas de toux nocturne. | Toux sèche en courant depuis 10 jours, pas de crise.
        Traitement habituel : cétirizine, efficace mais « endort ». | N’a rien pris cette année.
        ? Terrain : eczéma dans l’enfance, mère asthmatique.
        Allergies médicamenteuses : {allergies}.""",
        examination="""
        Muqueuse nasale pâle, cornets hypertrophiés, rhinorrhée claire.
        Conjonctives discrètement injectées, pas de sécrétion, pas de baisse d’AV.
        Auscultation : pas de sibilant, SpO2 {sat} %, DEP {dep} l/min ({dep_pct} % de la théorique).
        TA {ta} mmHg.""",
        conclusion="""
        Rhino-conjonctivite allergique saisonnière modérée, persistante.
        Bilastine 20 mg 1 cp/j à jeun + mométasone nasale 2 pulv./narine/j pendant la saison. | Desloratadine 5 mg/j, fluticasone nasale 1 pulv. x 2/j, cromoglicate collyre si besoin.
        Lavages de nez, fenêtres fermées en milieu de journée, cheveux rincés le soir.
        ? Adressé{e} à l’allergologue pour tests et discussion d’ITA.
        Reconsulter si sifflements ou gêne respiratoire.""",
    ),
)

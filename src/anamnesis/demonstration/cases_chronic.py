"""What comes back every few months: pressure, sugar, lungs, thyroid, joints."""

from anamnesis.demonstration.case import Case

GAUGES = ("weight", "systolic", "diastolic", "heart-rate")

CHRONIC = (
    Case(
        name="HTA suivi",
        needs="HTA",
        weight=4,
        measures=GAUGES,
        motif="Suivi HTA | Renouvellement HTA | Contrôle tension, renouvellement {mois} mois",
        history="""
        Suivi d’HTA connue depuis {annees} ans. Traitement : {traitement}.
        Observance : bonne, oublie environ 1 prise/mois. | Observance correcte, pilulier le dimanche. | Avoue des oublis le week-end.
        Automesure (3 jours, 18 mesures) : moyenne {ta_maison} mmHg. | Pas d’automesure rapportée, tensiomètre « en panne ».
        Pas de céphalées, pas d’acouphènes, pas de phosphènes, pas d’épistaxis.
        Pas de douleur thoracique ni dyspnée d’effort (monte 2 étages). Pas d’OMI. | Essoufflement aux côtes, inchangé depuis 1 an.
        Pas de vertige orthostatique. | Tête qui tourne en se levant vite, 1 à 2x/semaine, pas de chute.
        Tabac : {tabac}. Alcool : 1 à 2 verres/j le week-end. Marche {nombre}0 min/j.
        ? Toux sèche sous IEC : non.
        ? Mange « salé », charcuterie 3x/semaine.
        ATCD : {atcd}. Allergies : {allergies}.""",
        examination="""
        Poids {poids} kg, IMC {imc} kg/m², TA assis {ta} mmHg (moyenne de 3), debout 1 min sans chute > 20 mmHg. FC {fc}/min régulière.
        Auscultation cardiaque : bruits réguliers, pas de souffle. | B1 B2 réguliers, souffle systolique aortique 2/6 connu.
        Pas de souffle carotidien ni abdominal. Pouls distaux perçus, symétriques.
        Auscultation pulmonaire libre, pas de crépitant des bases. Pas d’OMI, mollets souples.
        ? BU : protéinurie négative, hématurie négative.""",
        conclusion="""
        HTA équilibrée sous traitement (objectif < 140/90 au cabinet, < 135/85 en automesure). | HTA non à l’objectif.
        Renouvellement {mois} mois : {traitement}.
        Bio : iono, créatinine + DFG, glycémie à jeun, EAL, RAC urinaire — dernier DFG {dfg} ml/min, K+ {kaliemie} mmol/l. | Bio du mois dernier : DFG {dfg} ml/min, K+ {kaliemie}, LDL {ldl} g/l.
        RHD : sel < 6 g/j, marche, poids.
        ? ECG annuel à prévoir, fond d’œil non indiqué.
        Revoir dans {mois} mois avec automesures (3-3-3), avant si TA > 180/110 ou signes fonctionnels.""",
    ),
    Case(
        name="diabète suivi",
        needs="DT2",
        weight=4,
        measures=GAUGES,
        motif="Suivi diabète T2 | Renouvellement + HbA1c | DT2 : résultats de bilan",
        history="""
        DT2 depuis {annees} ans, traitement : {traitement}.
        HbA1c {hba1c} % (précédente {hba1c_avant} %). Glycémies capillaires à jeun entre 1,10 et 1,50 g/l. | HbA1c {hba1c} % le mois dernier, pas d’autosurveillance.
        Pas d’hypoglycémie ressentie. | Un malaise à 0,62 g/l après jardinage, resucré, sans conséquence.
        Pas de syndrome polyuro-polydipsique. Transit : 2 selles molles/j sous metformine, tolérable. | Bonne tolérance digestive.
        Alimentation : grignotage le soir, {nombre} fruits/j, pain blanc. | A vu la diététicienne, moins de sucres rapides.
        Activité : {nombre}000 pas/j en moyenne.
        Pas de claudication, pas de paresthésies. | Fourmillements des orteils le soir, symétriques, non douloureux.
        OPH : FO du {date_passee} sans RD. Dentiste : > 1 an.
        Tabac : {tabac}. ATCD : {atcd}.""",
        examination="""
        Poids {poids} kg, IMC {imc} kg/m², TA {ta} mmHg, FC {fc}/min.
        Pieds : pas de plaie ni d’hyperkératose, mycose interdigitale {cote}. | Pieds : peau saine, pas de déformation, chaussage adapté.
        Monofilament 10 g : perçu 3/3 aux deux pieds (grade 0). | Monofilament : non perçu sous la tête de M1 {cote} (grade 1).
        Pouls pédieux et tibiaux postérieurs perçus. ROT achilléens faibles mais présents.
        Auscultation cardio-pulmonaire sans particularité. Pas de lipodystrophie.""",
        conclusion="""
        DT2 à l’objectif individuel (HbA1c ≤ 7 %). | DT2 non équilibré, objectif ≤ 7 % non atteint.
        Renouvellement {mois} mois : {traitement}. | Majoration de la metformine à 1 000 mg x 2/j au cours des repas, progressivement.
        Bio à faire : HbA1c/3 mois, créatinine + DFG (dernier {dfg} ml/min), RAC, EAL (LDL {ldl} g/l).
        Orientations : pédicurie (grade 1 : 4 séances/an), OPH annuelle, dentiste. | Orientations : OPH à prendre, bilan dentaire.
        ? Éducation : conduite à tenir en cas d’hypoglycémie et de vomissements (arrêt metformine).
        ? Vaccins : grippe + pneumocoque proposés, acceptés.
        Revoir dans 3 mois avec les résultats.""",
    ),
    Case(
        name="asthme suivi",
        needs="asthme",
        weight=3,
        measures=("weight", "heart-rate", "oxygen-saturation"),
        motif="Suivi asthme | Toux sifflante | Renouvellement inhalateurs",
        history="""
        Asthme depuis l’enfance, traitement de fond : {traitement}.
        Symptômes diurnes {nombre}x/mois, réveils nocturnes : aucun. | Gêne à l’effort et réveil nocturne 1x/semaine depuis {semaines} semaines.
        Salbutamol : {nombre} bouffées/semaine. ACT à {act}/25.
        Facteurs : rhinite, chat à la maison, air froid. Tabac : {tabac}.
        Aucune hospitalisation, aucun passage aux urgences, pas de cure de corticoïdes depuis 1 an. | Une cure de prednisolone 40 mg x 5 j en novembre.
        Technique de prise revue : correcte avec chambre d’inhalation. | Technique à revoir : inspire trop vite.
        Allergies : {allergies}.""",
        examination="""
        SpO2 {sat} % AA, FC {fc}/min, FR {fr}/min, parle en phrases complètes.
        MV symétrique, pas de sibilant. | Sibilants expiratoires diffus, discrets, disparaissant après 4 bouffées de salbutamol.
        DEP {dep} l/min, soit {dep_pct} % de la meilleure valeur personnelle.
        Pas de tirage. Nez : cornets pâles. Poids {poids} kg.""",
        conclusion="""
        Asthme contrôlé. Poursuite du traitement de fond inchangé. | Asthme partiellement contrôlé : passage à budésonide/formotérol 200/6, 1 bouffée x 2/j + à la demande.
        Rincer la bouche après chaque prise ; plan d’action écrit remis et expliqué.
        ? EFR de contrôle à 6 mois.
        ? Vaccin grippe à l’automne.
        Urgence (15) si le salbutamol ne soulage pas ou dure < 3 h.
        Revoir dans {mois} mois.""",
    ),
    Case(
        name="thyroïde",
        needs="hypothyroïdie",
        weight=2.5,
        measures=("weight", "systolic", "diastolic", "heart-rate"),
        motif="Suivi hypothyroïdie | Résultat TSH | Fatigue, contrôle thyroïde",
        history="""
        Hypothyroïdie auto-immune substituée, {traitement}, prise à jeun 30 min avant le petit-déjeuner.
        TSH {tsh} mUI/l (N : 0,4–4,0). T4L non refaite.
        Fatigue en fin de journée, pas de frilosité, transit normal, poids stable. | Se sent bien, pas de signe d’hypo- ni d’hyperthyroïdie.
        Pas de palpitations, pas de tremblements, sommeil correct.
        Pas de prise concomitante de fer, calcium ni IPP. | Prend du fer le matin en même temps : à décaler.
        ATCD : {atcd}.""",
        examination="""
        Poids {poids} kg, TA {ta} mmHg, FC {fc}/min.
        Thyroïde non augmentée de volume, pas de nodule palpé, pas d’ADP.
        ROT normaux, peau souple, pas d’infiltration. Auscultation cardiaque normale.""",
        conclusion="""
        Hypothyroïdie bien substituée, même dose. | TSH un peu haute : + 12,5 µg/j, contrôle TSH à 6–8 semaines.
        Renouvellement {mois} mois.
        TSH annuelle si stable.
        Ne pas changer de spécialité sans contrôle.""",
    ),
    Case(
        name="arthrose",
        ages=(55, 100),
        weight=2.4,
        measures=("weight", "systolic", "diastolic"),
        motif="Gonalgie {cote} | Douleurs d’arthrose | Genou {cote} gonflé",
        history="""
        Gonalgie {cote} mécanique depuis {mois} mois, EVA {eva}/10 à la marche, 0 au repos.
        Dérouillage < 15 min, gêne dans les escaliers en descente, périmètre de marche ≈ {nombre}00 m.
        Pas de blocage, pas d’instabilité. Pas de traumatisme. | Gonflement intermittent après jardinage.
        Pas de fièvre, pas d’autre articulation douloureuse.
        A essayé : paracétamol 1 g x 2/j, gel d’AINS ; « ça passe ». | Ne veut pas de « médicaments en plus ».
        Vit à domicile, autonome pour les ADL. {Metier}.
        ATCD : {atcd}. Traitement : {traitement}.""",
        examination="""
        Poids {poids} kg, IMC {imc} kg/m², TA {ta} mmHg.
        Genou {cote} : genu varum modéré, pas d’épanchement, pas de chaleur. | Choc rotulien {cote}, genou frais.
        Flexion 115°, flessum 5°. Douleur à la palpation de l’interligne interne, rabot positif.
        Laxité absente, hanches libres et indolores. Mollets souples, Homans négatif.""",
        conclusion="""
        Gonarthrose {cote} fémoro-tibiale interne, poussée non congestive. | Gonarthrose, épanchement modéré, ponction non nécessaire ce jour.
        Renforcement du quadriceps : kinésithérapie 15 séances. Perte de poids visée 3 kg.
        Paracétamol 1 g avant l’effort, max 3 g/j ; AINS oral déconseillé (âge, rein). | Diclofénac gel x 3/j 10 jours.
        Canne côté {autre_cote}, semelles amortissantes.
        ? Radiographies des genoux face en charge, schuss, profil, DFP.
        Revoir à 3 mois ; infiltration à discuter.""",
    ),
    Case(
        name="dyslipidémie",
        needs="dyslipidémie",
        weight=2,
        measures=GAUGES,
        motif="Résultats de bilan | Renouvellement statine | Bilan lipidique",
        history="""
        LDL {ldl} g/l, HDL 0,52 g/l, TG 1,{nombre}4 g/l. Traitement : {traitement}.
        Pas de myalgie, pas de fatigue inhabituelle. | Crampes nocturnes des mollets, calmées par l’étirement ; CPK normales.
        Risque cardiovasculaire (SCORE2) : {score2} %. Père : IDM à 58 ans.
        Tabac : {tabac}. Alimentation : fromage quotidien, peu de poisson.
        Activité : marche {nombre}0 min 3x/semaine. ATCD : {atcd}.""",
        examination="""
        Poids {poids} kg, IMC {imc} kg/m², périmètre abdominal {perimetre} cm, TA {ta} mmHg, FC {fc}/min.
        Pas de xanthome ni d’arc cornéen. Pas de souffle vasculaire, pouls perçus.
        Auscultation cardio-pulmonaire normale.""",
        conclusion="""
        Dyslipidémie à l’objectif sous statine. | LDL au-dessus de l’objectif (< 1,00 g/l) : renforcement des RHD, contrôle à 3 mois avant majoration.
        Renouvellement {mois} mois. Bilan hépatique + EAL dans 1 an.
        ? Proposition de sevrage tabagique : patchs 21 mg, rendez-vous dédié.
        Éducation : myalgies → consulter.""",
    ),
    Case(
        name="insuffisance cardiaque",
        needs="insuffisance cardiaque",
        weight=4,
        measures=("weight", "systolic", "diastolic", "heart-rate", "oxygen-saturation"),
        motif="Suivi insuffisance cardiaque | Essoufflement, prise de poids | Visite à domicile : contrôle",
        history="""
        IC à FE altérée (FEVG 38 % à la dernière ETT). Traitement : {traitement}.
        Dyspnée NYHA II, stable. Dort avec 2 oreillers, pas de DPN. | Majoration de la dyspnée depuis {jours} j, + 2 kg sur la semaine, repas de fête salé.
        Pas de douleur thoracique, pas de palpitations, pas de syncope.
        Pèse tous les matins : carnet apporté, {poids} kg ± 0,5.
        Diurèse conservée, pas de vertige orthostatique.
        Observance : aide de la conjointe, pilulier. Régime < 6 g de sel.
        ATCD : {atcd}. Allergies : {allergies}.""",
        examination="""
        Poids {poids} kg, TA {ta} mmHg, FC {fc}/min, SpO2 {sat} % AA.
        Pas de turgescence jugulaire ni RHJ. | TJ discrète, RHJ présent.
        Pas d’OMI. | OMI bilatéraux jusqu’aux chevilles, prenant le godet.
        Crépitants des bases absents. | Crépitants fins des deux bases, n’effaçant pas à la toux.
        Bruits du cœur réguliers, souffle d’IM 2/6 connu. Mollets souples.""",
        conclusion="""
        IC stable, NYHA II, poids sec maintenu. | Décompensation débutante : furosémide 40 → 80 mg/j pendant 5 jours, pesée quotidienne.
        Bio : iono, créatinine, NT-proBNP — dernier DFG {dfg} ml/min, K+ {kaliemie} mmol/l.
        Surveillance IDE 2x/semaine (poids, TA, OMI). | Prochain RDV cardiologue le {date_future}.
        Appeler si + 2 kg en 3 jours, dyspnée de repos, malaise.
        Pas d’AINS, pas d’effervescent.""",
    ),
)

"""Skin, women's health, what follows an operation, and the papers of a practice."""

from anamnesis.demonstration.case import Case

GAUGES = ("weight", "systolic", "diastolic", "heart-rate")

OTHERS = (
    Case(
        name="grossesse",
        sex="female",
        needs="grossesse",
        weight=9,
        measures=GAUGES,
        motif="Suivi de grossesse {sa} SA | Consultation prénatale {sa} SA",
        history="""
        G{gestite}P{parite}, {sa} SA, DDR certaine, grossesse spontanée d’évolution normale.
        MAF perçus, ressentis tous les jours. | Nausées matinales en diminution, pas de MAF encore.
        Pas de métrorragie, pas de leucorrhée malodorante, pas de contraction, pas de perte de liquide.
        Pas de signe fonctionnel urinaire, pas de céphalée, pas de barre épigastrique ni phosphène.
        Toxoplasmose : non immune, règles alimentaires revues. Rubéole : immune. Groupe O+. RAI négatives.
        HGPO : 0,84 / 1,42 / 1,21 g/l, normale. | Glycémie à jeun T1 : 0,83 g/l.
        Acide folique pris jusqu’à 12 SA. Tabac : {tabac}. Alcool : zéro.
        {Metier}, trajet {nombre}0 min. Entretien prénatal précoce : fait. | Entretien prénatal précoce : proposé, SF du secteur.""",
        examination="""
        Poids {poids} kg (+ {prise} kg depuis le début), TA {ta} mmHg, FC {fc}/min.
        HU {hu} cm, utérus souple, présentation mobile. BDC {bdc}/min, réguliers.
        BU : protéines 0, glucose 0, leucocytes 0, nitrites 0.
        Pas d’OMI, mollets souples. TV non fait (pas d’indication).""",
        conclusion="""
        Grossesse monofœtale normale de {sa} SA.
        Ordonnance : toxoplasmose mensuelle, RAI, NFS/plaquettes, ECBU. | Échographie du prochain trimestre programmée, résultats de la précédente normaux.
        Vitamine D 100 000 UI (7e mois). Fer si Hb < 11 g/dl. | Coqueluche : dTcaP proposé entre 20 et 36 SA, accepté.
        Arrêt : non. Travail de nuit suspendu par le médecin du travail. | Arrêt : non. Station debout prolongée à limiter.
        Urgences maternité : saignement, fièvre, contractions régulières, baisse des MAF, céphalées + TA.
        Prochain RDV dans 4 semaines.""",
    ),
    Case(
        name="cystite",
        sex="female",
        ages=(16, 95),
        weight=3,
        measures=("temperature", "systolic", "diastolic"),
        motif="Brûlures urinaires | Cystite depuis {jours} j | Infection urinaire ?",
        history="""
        Brûlures mictionnelles, pollakiurie et urgenturie depuis {jours} j ; urines troubles. | Pollakiurie + pesanteur pelvienne depuis hier, hématurie en fin de miction.
        Pas de fièvre ni frissons, pas de douleur lombaire, pas de vomissement.
        Pas de leucorrhée, pas de prurit vulvaire. DDR il y a {semaines} semaines, contraception régulière. | Ménopausée, sécheresse vaginale connue.
        {episodes} épisode(s) dans les 12 derniers mois.
        Pas de diabète, pas d’immunodépression, pas d’anomalie urologique, pas de grossesse.
        Allergies : {allergies}. Traitement : {traitement}.""",
        examination="""
        T° {temp_jour} °C, TA {ta} mmHg.
        Abdomen souple, sensibilité sus-pubienne, fosses lombaires indolores à l’ébranlement.
        BU : leucocytes +++, nitrites +, sang +. | BU : leucocytes ++, nitrites négatifs, sang traces.""",
        conclusion="""
        Cystite aiguë simple. | Cystite aiguë récidivante, ECBU avant traitement.
        Fosfomycine-trométamol 3 g en dose unique. | Pivmécillinam 400 mg x 2/j pendant 3 jours.
        Boissons ≥ 1,5 l/j, mictions régulières et post-coïtales.
        Reconsulter si fièvre, douleur lombaire, persistance à 72 h → ECBU.""",
    ),
    Case(
        name="contraception",
        sex="female",
        ages=(16, 50),
        weight=2,
        measures=GAUGES,
        motif="Renouvellement pilule | Contraception | Demande de DIU",
        history="""
        Contraception : {pilule}, bien tolérée, oublis rares (< 1/mois).
        Cycles réguliers, pas de métrorragie, dysménorrhée modérée calmée par l’ibuprofène.
        Tabac : {tabac}. Migraine avec aura : non. ATCD personnels ou familiaux de MVTE : non.
        Pas de leucorrhée, rapports protégés. Dépistage IST : à jour. | Nouveau partenaire, souhaite un dépistage.
        FCU du {date_passee} : normal.
        Projet de grossesse : pas avant 2 ans. G{gestite}P{parite}.""",
        examination="""
        Poids {poids} kg, TA {ta} mmHg, FC {fc}/min.
        Palpation mammaire sans nodule. | Palpation mammaire non souhaitée ce jour.
        Mollets souples, pas de varice. Examen gynécologique : col sain, pas de douleur à la mobilisation. | Examen gynécologique non nécessaire.""",
        conclusion="""
        Contraception adaptée, pas de contre-indication.
        Renouvellement 1 an : {pilule}. | DIU au cuivre : information donnée, pose programmée au prochain cycle.
        Conduite en cas d’oubli > 3 h / 12 h et contraception d’urgence expliquées.
        ? Bilan : EAL et glycémie (1er bilan). | PCR Chlamydia/gonocoque sur auto-prélèvement, VIH, syphilis, VHB.
        FCU selon calendrier ; vaccination HPV : {hpv}.""",
    ),
    Case(
        name="eczéma",
        ages=(1, 70),
        weight=1.8,
        measures=(),
        motif="Plaques qui grattent | Eczéma | Éruption des plis du coude",
        history="""
        Plaques érythémateuses prurigineuses depuis {semaines} semaines, {localisation}.
        Poussées depuis l’enfance, l’hiver surtout. Prurit {eva}/10, réveille {nombre} nuits/semaine.
        Pas de nouveau cosmétique, lessive inchangée. | Nouveau gel douche parfumé depuis un mois.
        Émollient : irrégulier. Dermocorticoïde : peur de « la cortisone », tube périmé.
        Pas de fièvre, pas de suintement. Terrain : rhinite, frère asthmatique. Allergies : {allergies}.""",
        examination="""
        Plaques érythémato-squameuses mal limitées, excoriées, {localisation}. Xérose diffuse.
        Pas de surinfection, pas de vésicules groupées, pas d’adénopathie. | Croûtes mellicériques d’un pli.
        SCORAD estimé {scorad}. Photo non prise.""",
        conclusion="""
        Dermatite atopique, poussée légère à modérée.
        Bétaméthasone 0,05 % crème 1x/j sur les plaques jusqu’à disparition (max 10 j) puis 2x/semaine. | Désonide crème 1x/j 7 jours (visage, plis).
        Émollient 1 à 2x/j sur tout le corps ; douches courtes, syndet sans parfum, coton.
        Crainte des corticoïdes abordée : règle de l’unité phalangette expliquée.
        Revoir à 3 semaines ; dermatologue si échec. Reconsulter si suintement, fièvre, vésicules.""",
    ),
    Case(
        name="naevus",
        ages=(20, 95),
        weight=1.3,
        measures=("systolic", "diastolic"),
        motif="Grain de beauté à montrer | Lésion du dos | Dépistage cutané",
        history="""
        Lésion {localisation_naevus} remarquée il y a {mois} mois par l’entourage, ne saigne pas, ne gratte pas.
        Phototype II, coups de soleil dans l’enfance, pas de cabine UV. {Metier}.
        ATCD de mélanome : non, ni familial. ATCD : {atcd}.
        Anticoagulant : non.""",
        examination="""
        Lésion {localisation_naevus} : {mm} mm, symétrique, bords réguliers, brune homogène. ABCDE : 0 critère. | {mm} mm, kératosique, « posée », pseudo-kystes cornés en dermoscopie.
        Examen complet de la peau : pas de lésion « vilain petit canard ». Kératoses actiniques : aucune. | 2 kératoses actiniques du cuir chevelu.
        TA {ta} mmHg. Aires ganglionnaires libres.""",
        conclusion="""
        Naevus commun, pas d’argument pour un mélanome. | Kératose séborrhéique, bénigne.
        Auto-surveillance ABCDE, photo personnelle de référence. Protection solaire.
        ? Cryothérapie des kératoses actiniques faite ce jour, soins locaux expliqués.
        Revoir sans attendre si modification de taille, de couleur, saignement.""",
    ),
    Case(
        name="post-opératoire",
        ages=(20, 95),
        weight=1.4,
        measures=("temperature", "systolic", "diastolic", "heart-rate"),
        motif="Suivi post-op J{ablation} | Ablation de fils | Retour d’hospitalisation",
        history="""
        J{ablation} de {intervention}. CRH reçu, suites simples.
        Douleur EVA {eva_basse}/10, paracétamol 1 g x 3/j seul depuis 3 jours. | Douleur bien calmée, tramadol arrêté (nausées).
        Pas de fièvre, pas de frissons, transit repris, mange normalement.
        HBPM : énoxaparine 4000 UI/j faite par IDE, plaquettes contrôlées. | Pas d’anticoagulant.
        Mobilité : marche à domicile avec une canne, kiné 3x/semaine. | Autonome, aide du conjoint pour la toilette.
        Traitement habituel repris : {traitement}. Allergies : {allergies}.""",
        examination="""
        T° {temp_jour} °C, TA {ta} mmHg, FC {fc}/min.
        Cicatrice propre, sèche, sans rougeur ni écoulement, bords affrontés. | Cicatrice : petit hématome inférieur, non tendu.
        {points} agrafes/fils retirés, strips. Pas de collection.
        Mollets souples, indolores, Homans négatif. Auscultation pulmonaire libre.""",
        conclusion="""
        Suites opératoires simples à J{ablation}.
        Soins IDE tous les 2 jours jusqu’à cicatrisation, douche autorisée. | Fin des soins infirmiers.
        Poursuite HBPM jusqu’à J35, NFS-plaquettes 1x/semaine. | Antalgiques à la demande.
        AT prolongé de {arret_long} jours. RDV chirurgien le {date_future}.
        Consulter si fièvre ≥ 38,5 °C, écoulement, mollet douloureux, dyspnée.""",
    ),
    Case(
        name="dyspepsie",
        ages=(20, 85),
        weight=1.6,
        measures=("weight", "systolic", "diastolic"),
        motif="Brûlures d’estomac | RGO | Douleur épigastrique",
        history="""
        Pyrosis post-prandial {nombre}x/semaine depuis {mois} mois, majoré par le café et le décubitus.
        Pas de dysphagie, pas d’amaigrissement, pas de vomissement, pas de méléna. Pas d’ATCD familial digestif.
        AINS : ibuprofène en automédication 2x/mois. | AINS : non. Alcool : {nombre} verres/semaine.
        Douleur sans lien avec l’effort, sans irradiation. Tabac : {tabac}. ATCD : {atcd}.""",
        examination="""
        Poids {poids} kg (stable), TA {ta} mmHg. Conjonctives colorées.
        Abdomen souple, sensibilité épigastrique, pas de masse ni de défense. Murphy négatif.
        Auscultation cardiaque normale, ECG : RSR, normal. | Auscultation cardio-pulmonaire normale.""",
        conclusion="""
        RGO typique sans signe d’alarme.
        Oméprazole 20 mg/j avant le petit-déjeuner, 4 semaines puis arrêt progressif. | Alginate après les repas à la demande.
        Tête de lit surélevée, dîner léger 3 h avant le coucher, arrêt des AINS.
        Fibroscopie si récidive à l’arrêt ou > 50 ans avec symptômes > 5 ans. Revoir à 6 semaines.""",
    ),
    Case(
        name="renouvellement simple",
        ages=(30, 100),
        needs="traitement",
        weight=1.2,
        measures=GAUGES,
        motif="Renouvellement d’ordonnance | Renouvellement + vaccin grippe | Papiers, ALD, MDPH",
        history="""
        Vient pour renouvellement : {traitement}. Pas de plainte. « Tout va bien, docteur. »
        Observance bonne, pas d’effet indésirable. Automédication : non. | Prend de la mélatonine et du magnésium.
        Sommeil et appétit conservés, moral bon. Pas de chute cette année. | Une chute mécanique dans le jardin il y a {semaines} semaines, sans fracture.
        ATCD : {atcd}. Allergies : {allergies}. Tabac : {tabac}.
        Dépistages : colorectal (FIT) {fit}, {depistage}.
        ? Demande un certificat d’aptitude à la conduite d’un groupe de marche.""",
        examination="""
        Poids {poids} kg, IMC {imc} kg/m², TA {ta} mmHg, FC {fc}/min régulière.
        Auscultation cardio-pulmonaire sans particularité. Abdomen souple. Pas d’OMI.
        ? Mini-Cog 5/5. Lever de chaise 5x en {nombre} s de moins que la limite, équilibre unipodal > 5 s.""",
        conclusion="""
        Situation stable.
        Renouvellement {mois} mois à l’identique : {traitement}.
        Vaccins : {vaccins_adulte}.
        ? Test FIT remis ce jour. | Mammographie de dépistage : courrier reçu, RDV pris.
        Revoir dans {mois} mois.""",
    ),
    Case(
        name="entorse",
        ages=(10, 60),
        weight=1.7,
        measures=("systolic", "diastolic"),
        motif="Entorse de cheville {cote} | Cheville gonflée | Traumatisme de cheville",
        history="""
        Inversion de la cheville {cote} il y a {heures} h ({sport}), craquement non ressenti, appui immédiat possible. | Faux pas dans l’escalier, gonflement en une heure.
        EVA {eva}/10, glace et surélévation, pas de médicament.
        {episodes} épisode(s) antérieur(s) du même côté. {Metier}. Allergies : {allergies}.""",
        examination="""
        Œdème prémalléolaire externe « en œuf de pigeon », ecchymose débutante.
        Critères d’Ottawa négatifs : pas de douleur de la pointe des malléoles, base du M5 ni scaphoïde, fait 4 pas.
        Douleur au LTFA, tiroir antérieur négatif. Pas de douleur de la syndesmose ni du col de la fibula.
        Pouls pédieux perçu, sensibilité normale. TA {ta} mmHg.""",
        conclusion="""
        Entorse bénigne du ligament latéral externe, cheville {cote}. Pas de radiographie (Ottawa négatif).
        Protocole GREC, attelle semi-rigide 3 semaines, appui selon la douleur, cannes 3 jours.
        Paracétamol 1 g x 3/j ; kétoprofène gel. Kiné : proprioception, 10 séances à partir de J5.
        ? Dispense d’EPS / sport 4 semaines. | AT {arret} jours.
        Revoir à J5 si appui impossible ou douleur persistante.""",
    ),
)

"""What people and places are called. Drawn from common names; any likeness is chance."""

FAMILY = (
    "Abadie", "Aubert", "Baron", "Barbier", "Benali", "Benoît", "Berger", "Bertin", "Besnard",
    "Boucher", "Bourdon", "Boyer", "Brun", "Caron", "Carpentier", "Chevalier", "Clément",
    "Collet", "Coulibaly", "Cousin", "Da Silva", "Delmas", "Denis", "Diallo", "Dufour", "Dumas",
    "Dupuis", "Fabre", "Faure", "Fernandes", "Fleury", "Fontaine", "Gaillard", "Garnier",
    "Gauthier", "Gérard", "Guérin", "Guillot", "Haddad", "Hamon", "Henry", "Hubert", "Humbert",
    "Jacquet", "Joly", "Kaya", "Lacroix", "Lambert", "Langlois", "Lebrun", "Lecomte", "Lefèvre",
    "Legrand", "Lemaître", "Lemoine", "Le Goff", "Le Gall", "Leroux", "Mallet", "Marchand",
    "Marty", "Masson", "Ménard", "Mercier", "Meunier", "Meyer", "Millet", "Moulin", "Nguyen",
    "Nicolas", "Noël", "Olivier", "Paris", "Pasquier", "Pelletier", "Perrin", "Perrot", "Picard",
    "Poirier", "Prévost", "Renard", "Renaud", "Rivière", "Rolland", "Roussel", "Roy", "Sanchez",
    "Schmitt", "Tessier", "Thibault", "Traoré", "Vasseur", "Vidal", "Weber", "Yılmaz", "L’Hostis",
    "D’Hondt", "Saint-Martin", "O’Brien",
)  # fmt: skip

GIRLS = {
    1930: "Jeannine Simone Yvette Paulette Odette Suzanne Thérèse Denise Huguette Ginette",
    1945: "Monique Françoise Danielle Michèle Annie Nicole Chantal Bernadette Colette Josiane",
    1960: "Sylvie Véronique Christine Catherine Martine Brigitte Pascale Isabelle Corinne Agnès",
    1975: "Sandrine Stéphanie Céline Karine Delphine Aurélie Émilie Séverine Nadia Fatima",
    1990: "Élodie Marine Pauline Mathilde Anaïs Laura Charlène Inès Noémie Solène",
    2005: "Léa Manon Camille Chloé Sarah Jade Lou Maëlys Aïcha Clémence",
    2015: "Louise Alice Ambre Rose Lina Mila Zoé Anna Éléonore Inaya",
}
BOYS = {
    1930: "René Roger Marcel Raymond Lucien Henri Robert Maurice Fernand André",
    1945: "Jean-Pierre Michel Bernard Gérard Daniel Jean-Claude Alain Guy Christian Serge",
    1960: "Philippe Pascal Thierry Patrick Éric Laurent Didier Bruno Hervé Joël",
    1975: "Stéphane Sébastien Nicolas David Frédéric Jérôme Cédric Karim Mickaël Yann",
    1990: "Kévin Thomas Alexandre Romain Florian Maxime Guillaume Mehdi Loïc Benoît",
    2005: "Lucas Enzo Théo Hugo Mathis Nathan Clément Yanis Baptiste Corentin",
    2015: "Gabriel Léo Raphaël Arthur Louis Jules Maël Noah Adam Sacha",
}

COMMUNES = (
    ("35238", "Rennes", 46),
    ("35051", "Cesson-Sévigné", 9),
    ("35278", "Saint-Grégoire", 7),
    ("35047", "Bruz", 6),
    ("44109", "Nantes", 5),
    ("22278", "Saint-Brieuc", 4),
    ("29019", "Brest", 4),
    ("56260", "Vannes", 3),
    ("75056", "Paris", 5),
    ("69123", "Lyon", 2),
    ("59350", "Lille", 2),
    ("97411", "Saint-Denis (La Réunion)", 2),
    ("99352", "Algérie", 2),
    ("99139", "Portugal", 2),
    ("99326", "Côte d’Ivoire", 1),
)
"""Place of birth: INSEE code, name, how often."""

STREETS = (
    "rue des Tilleuls",
    "allée du Verger",
    "rue de l’Église",
    "impasse des Mésanges",
    "boulevard de la Liberté",
    "rue Jean-Macé",
    "place du Marché",
    "chemin de la Fontaine",
    "rue du Général-Leclerc",
    "résidence Les Glycines, bât. B",
    "lieu-dit La Haute Épine",
)
TOWNS = ("35000 Rennes", "35510 Cesson-Sévigné", "35760 Saint-Grégoire", "35170 Bruz")

TRADES = (
    ("enseignante", "enseignant"),
    ("aide-soignante", "aide-soignant"),
    ("conductrice de bus", "chauffeur-livreur"),
    ("secrétaire", "magasinier"),
    ("peintre en bâtiment", "maçon"),
    ("informaticienne", "informaticien"),
    ("assistante maternelle", "animateur périscolaire"),
    ("cuisinière", "cuisinier"),
    ("agricultrice", "agriculteur"),
    ("commerciale", "commercial"),
    ("comptable", "comptable"),
    ("sans emploi actuellement", "sans emploi actuellement"),
    ("électricienne", "électricien"),
    ("caissière", "agent de sécurité"),
    ("menuisière", "menuisier"),
)
"""What people do for a living: her word, his word."""

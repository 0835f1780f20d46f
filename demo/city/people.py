"""Twenty invented households, then families whose children fill the camps. Card numbers follow the order here; ages and
expiries are relative to today.
"""

# (first name, last name, age, days until the card expires, what is particular)
HOUSEHOLDS = [
    [("Geneviève", "Lachance", 42, 400, ""), ("Marc", "Trần", 44, 400, ""), ("Léa", "Trần-Lachance", 9, 300, "child"),
     ("Théo", "Trần-Lachance", 6, 300, "child"), ("Maé", "Trần-Lachance", 4, 300, "child")],
    [("Réjean", "D’Amours", 71, 200, "")],
    [("Sofia", "Grenier", 35, 45, ""), ("Émile", "Grenier", 7, 45, "child"), ("Jade", "Grenier", 11, 45, "child")],
    [("Hélène", "L’Heureux", 58, -30, "expired")],
    [("Nguyễn", "Phạm", 39, 500, ""), ("Thảo", "Phạm", 37, 500, "")],
    [("Xavier", "Bédard", 29, 600, "")],
    [("Ginette", "Œuvrard", 66, 150, "")],
    [("Olivier", "Côté", 46, 320, "separated"), ("Zoé", "Côté-Roy", 8, 320, "shared child")],
    [("Mélanie", "Roy", 43, 320, "separated")],
    [("Jérémie", "Martel", 51, 90, "lost")],
    [("Noémie", "Gagné", 33, 480, ""), ("William", "Gagné", 5, 480, "child")],
    [("Fatima", "Benali", 40, 365, ""), ("Karim", "Benali", 41, 365, ""), ("Inès", "Benali", 12, 365, "child")],
    [("Raymond", "Saint-Pierre", 79, 60, "")],
    [("Audrey", "Fortin", 27, 700, "")],
    [("Steve", "O’Brien", 48, 210, "outside")],
    [("Chloé", "Désilets", 31, 30, ""), ("Félix", "Désilets", 4, 30, "child")],
    [("Normand", "Bouchard", 63, 120, "")],
    [("Aïcha", "Diallo", 36, 540, ""), ("Mamadou", "Diallo", 10, 540, "child")],
    [("Yvan", "Žižka", 55, 260, "")],
    [("Lucie", "Thibault", 49, 410, ""), ("Alexis", "Thibault", 15, 410, "child")],
]  # fmt: skip
# (parent, last name, children of 5, 7 and, for some, 9 or 11)
FAMILIES = [
    ("Isabelle", "Lussier", "Rose", "Nathan"), ("Maxime", "Pelletier", "Arthur", "Juliette", "Élodie"),
    ("Amélie", "Giroux", "Livia", "Samuel"), ("Simon", "Cyr", "Logan", "Florence", "Thomas"),
    ("Khadija", "El Amrani", "Yasmine", "Rayan"), ("Patrick", "Beaulieu", "Charlie", "Alice"),
    ("Stéphanie", "Morin", "Édouard", "Béatrice", "Gabriel"), ("Thuy", "Lê", "Minh", "Linh"),
    ("Caroline", "Fontaine", "Raphaël", "Mia"), ("David", "Lapointe", "Jacob", "Clara", "Emma"),
]  # fmt: skip
HOUSEHOLDS += [
    [(parent, name, 36 + n, 400, ""), *((child, name, 5 + 2 * k, 400, "child") for k, child in enumerate(children))]
    for n, (parent, name, *children) in enumerate(FAMILIES)
]
LEVELS = {(0, 2): "nageur-1", (0, 3): "nageur-1", (2, 1): "nageur-1", (2, 2): "nageur-1 nageur-2"}  # in swimming
STREETS = ["rue Merry Nord", "rue Sherbrooke", "chemin Roy", "rue Principale Est", "avenue de l’Ail", "rue des Pins"]
# (household, days since issue, days until due, paid: none, all or part; lines as (description, whom, quantity, price))
INVOICES = [
    (0, 40, -10, "", [("Aquaforme, {session}", 0, "1", "100.00")]),
    (
        0,
        12,
        18,
        "",
        [("Club été, semaine 3", 2, "1", "58.00"), ("Club été, service de garde, semaine 3", 2, "1", "35.00")],
    ),
    (0, 5, 25, "", [("Abonnement tennis, saison", 1, "1", "82.50"), ("Rabais famille", 1, "1", "-12.50")]),
    (0, 200, -170, "all", [("Yoga du matin", 0, "1", "97.75")]),
    (0, 420, -390, "all", [("Club été, semaines 5 et 6", 2, "2", "58.00")]),
    (1, 20, 10, "", [("Bouée d’amarrage, saison", 0, "1", "412.00")]),
    (1, 300, -270, "all", [("Don à la bibliothèque", 0, "1", "50.00")]),
    (2, 15, 15, "", [("Club été, semaine 1", 1, "1", "58.00"), ("Club été, semaine 1", 2, "1", "44.00")]),
    (2, 60, -30, "part", [("Club été, service de garde, semaine 4", 1, "3", "35.00")]),
    (3, 50, -20, "", [("Aquaforme, {session}", 0, "1", "120.00")]),
    (4, 8, 22, "", [("Salle Ovila-Bergeron, bloc 18 h à 22 h", 0, "1", "120.00")]),
    (4, 100, -70, "all", [("Pickleball, initiation", 1, "1", "64.00")]),
    (5, 30, 0, "", [("Location de glace, 1 heure", 0, "1.5", "189.71")]),
    (6, 90, -60, "all", [("Don à la bibliothèque", 0, "1", "100.00")]),
    (7, 10, 20, "", [("Natation, nageur 1", 1, "1", "72.00")]),
    (8, 10, 20, "", [("Club été, semaine 2", None, "1", "58.00")]),
    (9, 25, 5, "", [("Yoga du matin", 0, "1", "97.75")]),
    (10, 33, -3, "", [("Natation préscolaire", 1, "1", "72.00")]),
    (11, 18, 12, "", [("Club ados, semaine 6", 2, "1", "88.00")]),
    (11, 400, -370, "all", [("Location de glace, 1 heure", 0, "1", "132.80")]),
    (12, 70, -40, "all", [("Aquaforme, {session}", 0, "1", "120.00")]),
    (13, 3, 27, "", [("Abonnement tennis, saison", 0, "1", "82.50")]),
    (14, 14, 16, "", [("Club ados, semaine 2", 0, "1", "110.00")]),
    (15, 21, 9, "", [("Natation préscolaire", 1, "1", "72.00")]),
    (16, 45, -15, "", [("Bouée d’amarrage, saison", 0, "1", "412.00")]),
    (17, 11, 19, "", [("Club été, semaine 7", 1, "2", "58.00")]),
    (18, 6, 24, "", [("Atelier d’ébénisterie", 0, "1", "145.00")]),
    (19, 28, 2, "", [("Club ados, semaine 8", 1, "1", "88.00")]),
    # the two years before, of those who are shown the most
    (0, 75, -45, "all", [("Pickleball, initiation", 1, "1", "64.00")]),
    (0, 130, -100, "all", [("Don à la bibliothèque", 0, "1", "60.00")]),
    (0, 260, -230, "all", [("Salle Ovila-Bergeron, bloc 13 h à 17 h", 0, "1", "95.00")]),
    (0, 345, -315, "all", [("Location de glace, 1 heure", 1, "1", "132.80")]),
    (0, 430, -400, "all", [("Club été, service de garde, semaines 5 et 6", 2, "2", "35.00")]),
    (0, 500, -470, "all", [("Natation, nageur 1", 2, "1", "72.00")]),
    (0, 560, -530, "all", [("Don à la bibliothèque", 0, "1", "75.00")]),
    (0, 610, -580, "all", [("Aquaforme, {session}", 0, "1", "110.00")]),
    (0, 700, -670, "all", [("Salle Ovila-Bergeron, bloc 13 h à 17 h", 0, "1", "95.00")]),
    (0, 740, -710, "all", [("Club été, semaine 3", 2, "1", "56.00")]),
    (
        2,
        410,
        -380,
        "all",
        [("Club été, semaines 5 et 6", 1, "2", "58.00"), ("Club été, semaines 5 et 6", 2, "2", "58.00")],
    ),
    (2, 720, -690, "all", [("Natation préscolaire", 1, "1", "70.00")]),
    (4, 380, -350, "all", [("Salle Ovila-Bergeron, bloc 18 h à 22 h", 0, "1", "120.00")]),
    (4, 735, -705, "all", [("Yoga du matin", 0, "1", "92.00")]),
    (6, 440, -410, "all", [("Don à la bibliothèque", 0, "1", "100.00")]),
    (12, 770, -740, "all", [("Aquaforme, {session}", 0, "1", "115.00")]),
]
EXEMPT = ("Club été", "Natation", "Don", "Club ados")
CATEGORIES = {"Club": "child_care", "Don": "donation", "Location": "rental", "Salle": "rental", "Bouée": "rental"}
ACCOUNTS = {"child_care": "4100", "donation": "4900", "rental": "4300", "activity": "4201"}

"""Twenty invented households. Card numbers follow the order here; ages and expiries are relative to today."""

# (first name, last name, age, days until the card expires, what is particular)
HOUSEHOLDS = [
    [("Geneviève", "Lachance", 42, 400, ""), ("Marc", "Trần", 44, 400, ""), ("Léa", "Trần-Lachance", 9, 300, "child")],
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
]
STREETS = ["rue Merry Nord", "rue Sherbrooke", "chemin Roy", "rue Principale Est", "avenue de l’Ail", "rue des Pins"]
# (household, days since issue, days until due, paid: none, all or part; lines as (description, whom, quantity, price))
INVOICES = [
    (0, 40, -10, "", [("Aquaforme, session d’hiver", 0, "1", "100.00")]),
    (
        0,
        12,
        18,
        "",
        [("Club été, semaine 3", 2, "1", "58.00"), ("Club été, service de garde, semaine 3", 2, "1", "35.00")],
    ),
    (0, 5, 25, "", [("Abonnement tennis, saison", 1, "1", "82.50"), ("Rabais famille", 1, "1", "-12.50")]),
    (0, 200, -170, "all", [("Yoga du matin", 0, "1", "97.75")]),
    (0, 420, -390, "all", [("Club été, semaine 5", 2, "2", "58.00")]),
    (1, 20, 10, "", [("Bouée d’amarrage, saison", 0, "1", "412.00")]),
    (1, 300, -270, "all", [("Don à la bibliothèque", 0, "1", "50.00")]),
    (2, 15, 15, "", [("Club été, semaine 1", 1, "1", "58.00"), ("Club été, semaine 1", 2, "1", "44.00")]),
    (2, 60, -30, "part", [("Club été, service de garde, semaine 4", 1, "3", "35.00")]),
    (3, 50, -20, "", [("Aquaforme, session d’automne", 0, "1", "120.00")]),
    (4, 8, 22, "", [("Salle Ovila-Bergeron, bloc 18 h à 22 h", 0, "1", "120.00")]),
    (4, 100, -70, "all", [("Pickleball, initiation", 1, "1", "64.00")]),
    (5, 30, 0, "", [("Location de glace, 1 heure", 0, "1.5", "189.71")]),
    (6, 90, -60, "all", [("Don à la bibliothèque", 0, "1", "100.00")]),
    (7, 10, 20, "", [("Natation préscolaire", 1, "1", "72.00")]),
    (8, 10, 20, "", [("Club été, semaine 2", None, "1", "58.00")]),
    (9, 25, 5, "", [("Yoga du matin", 0, "1", "97.75")]),
    (10, 33, -3, "", [("Natation préscolaire", 1, "1", "72.00")]),
    (11, 18, 12, "", [("Club ados, semaine 6", 2, "1", "88.00")]),
    (11, 400, -370, "all", [("Location de glace, 1 heure", 0, "1", "132.80")]),
    (12, 70, -40, "all", [("Aquaforme, session d’hiver", 0, "1", "120.00")]),
    (13, 3, 27, "", [("Abonnement tennis, saison", 0, "1", "82.50")]),
    (14, 14, 16, "", [("Club ados, semaine 2", 0, "1", "110.00")]),
    (15, 21, 9, "", [("Natation préscolaire", 1, "1", "72.00")]),
    (16, 45, -15, "", [("Bouée d’amarrage, saison", 0, "1", "412.00")]),
    (17, 11, 19, "", [("Club été, semaine 7", 1, "2", "58.00")]),
    (18, 6, 24, "", [("Atelier d’ébénisterie", 0, "1", "145.00")]),
    (19, 28, 2, "", [("Club ados, semaine 8", 1, "1", "88.00")]),
]
EXEMPT = ("Club été", "Natation préscolaire", "Don", "Club ados")
CATEGORIES = {"Club": "child_care", "Don": "donation", "Location": "rental", "Salle": "rental", "Bouée": "rental"}
ACCOUNTS = {"child_care": "4100", "donation": "4900", "rental": "4300", "activity": "4201"}

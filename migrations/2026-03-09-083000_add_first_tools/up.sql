-- The tools of the first day
INSERT INTO tools (id, name, shelf, condition) VALUES
    (1, 'Cordless drill', 'A1', 'good'),
    (2, 'Jigsaw', 'A1', 'good'),
    (3, 'Belt sander', 'B2', 'repair');

SELECT 1

SELECT

SELECT 1 AS "é", 'ünï'::text, NULL

SELECT * FROM customers ORDER BY id

TABLE customers

VALUES (1, 'a'), (2, NULL)

SELECT c.*, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > 10 ORDER BY o.id

SELECT customers FROM customers

SELECT nosuch FROM customers

SELECT 'é', nosuch FROM customers

SELECT * FROM nosuch

SELEC 1

SELECT 1/0

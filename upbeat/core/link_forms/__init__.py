"""How each service writes its addresses: one module a service where it takes rules, one table where it does not."""

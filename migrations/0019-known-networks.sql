-- The client network that signed in. While guessers use up the capacity for password checks, a network with a session comes first.
alter table administrator_session add column network text;

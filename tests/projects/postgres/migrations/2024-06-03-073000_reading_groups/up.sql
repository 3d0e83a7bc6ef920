--
-- PostgreSQL database dump
--
-- Taken from the reading groups' own little database (pg_dump --no-owner), which is switched off now.
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: group_pace; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.group_pace AS ENUM (
    'weekly',
    'monthly',
    'when the mood takes us'
);


--
-- Name: reading_groups; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.reading_groups (
    id integer NOT NULL,
    name text NOT NULL,
    pace public.group_pace DEFAULT 'monthly'::public.group_pace NOT NULL,
    host_id integer,
    current_book_id integer,
    founded_on date
);


--
-- Name: reading_groups_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.reading_groups_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: reading_groups_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.reading_groups_id_seq OWNED BY public.reading_groups.id;


--
-- Name: reading_group_members; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.reading_group_members (
    group_id integer NOT NULL,
    member_id integer NOT NULL,
    brings text DEFAULT 'biscuits; tea'::text NOT NULL
);


--
-- Name: reading_groups id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reading_groups ALTER COLUMN id SET DEFAULT nextval('public.reading_groups_id_seq'::regclass);


--
-- Data for Name: reading_groups; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.reading_groups (id, name, pace, host_id, current_book_id, founded_on) VALUES (1, 'Tuesday Poets', 'weekly', 1, 1, '2022-09-06');
INSERT INTO public.reading_groups (id, name, pace, host_id, current_book_id, founded_on) VALUES (2, 'Książka i ciasto', 'monthly', 2, 2, '2023-01-12');
INSERT INTO public.reading_groups (id, name, pace, host_id, current_book_id, founded_on) VALUES (3, 'Crime; Wine', 'when the mood takes us', NULL, NULL, NULL);


--
-- Data for Name: reading_group_members; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.reading_group_members (group_id, member_id, brings) VALUES (1, 1, 'biscuits; tea');
INSERT INTO public.reading_group_members (group_id, member_id, brings) VALUES (1, 4, 'a ''different'' poem');
INSERT INTO public.reading_group_members (group_id, member_id, brings) VALUES (2, 2, 'sernik');
INSERT INTO public.reading_group_members (group_id, member_id, brings) VALUES (2, 1, 'makowiec');


--
-- Name: reading_groups_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.reading_groups_id_seq', 3, true);


--
-- Name: reading_groups reading_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reading_groups
    ADD CONSTRAINT reading_groups_pkey PRIMARY KEY (id);


--
-- Name: reading_groups reading_groups_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reading_groups
    ADD CONSTRAINT reading_groups_name_key UNIQUE (name);


--
-- Name: reading_group_members reading_group_members_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reading_group_members
    ADD CONSTRAINT reading_group_members_pkey PRIMARY KEY (group_id, member_id);


--
-- Name: reading_group_members reading_group_members_group_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reading_group_members
    ADD CONSTRAINT reading_group_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.reading_groups(id) ON DELETE CASCADE;


--
-- Name: reading_group_members reading_group_members_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reading_group_members
    ADD CONSTRAINT reading_group_members_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id) ON DELETE CASCADE;


--
-- Name: reading_groups reading_groups_current_book_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reading_groups
    ADD CONSTRAINT reading_groups_current_book_id_fkey FOREIGN KEY (current_book_id) REFERENCES public.books(id) ON DELETE SET NULL;


--
-- Name: reading_groups reading_groups_host_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reading_groups
    ADD CONSTRAINT reading_groups_host_id_fkey FOREIGN KEY (host_id) REFERENCES public.members(id) ON DELETE SET NULL;


--
-- PostgreSQL database dump complete
--

-- Added by hand: the line at the top hides our own tables from whoever comes next.
SELECT pg_catalog.set_config('search_path', 'public', false);

DROP TABLE public.reading_group_members;
DROP TABLE public.reading_groups;
DROP TYPE public.group_pace;

DROP TABLE "Notes";

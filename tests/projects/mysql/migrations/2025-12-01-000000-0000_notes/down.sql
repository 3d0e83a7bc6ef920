DROP TABLE `Notes`;

-- MySQL dump of the reading groups' own little database, which is switched off now.
--
-- Host: localhost    Database: groups
-- ------------------------------------------------------

/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

--
-- Table structure for table `reading_group_members`
--

DROP TABLE IF EXISTS `reading_group_members`;
/*!50503 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `reading_group_members` (
  `group_id` int NOT NULL,
  `member_id` int NOT NULL,
  `brings` varchar(80) NOT NULL DEFAULT 'biscuits; tea',
  PRIMARY KEY (`group_id`,`member_id`),
  KEY `reading_group_members_member_idx` (`member_id`),
  CONSTRAINT `reading_group_members_group_fk` FOREIGN KEY (`group_id`) REFERENCES `reading_groups` (`id`) ON DELETE CASCADE,
  CONSTRAINT `reading_group_members_member_fk` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
/*!50503 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `reading_group_members`
--

LOCK TABLES `reading_group_members` WRITE;
/*!40000 ALTER TABLE `reading_group_members` DISABLE KEYS */;
INSERT INTO `reading_group_members` VALUES (1,1,'biscuits; tea'),(1,4,'a \'different\' poem'),(2,1,'makowiec'),(2,2,'sernik');
/*!40000 ALTER TABLE `reading_group_members` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `reading_groups`
--

DROP TABLE IF EXISTS `reading_groups`;
CREATE TABLE `reading_groups` (
  `id` int NOT NULL AUTO_INCREMENT,
  `name` varchar(80) NOT NULL,
  `pace` enum('weekly','monthly','when the mood takes us') NOT NULL DEFAULT 'monthly',
  `host_id` int DEFAULT NULL,
  `current_book_id` int unsigned DEFAULT NULL,
  `founded_on` date DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `reading_groups_name_key` (`name`),
  KEY `reading_groups_host_idx` (`host_id`),
  KEY `reading_groups_book_idx` (`current_book_id`),
  CONSTRAINT `reading_groups_book_fk` FOREIGN KEY (`current_book_id`) REFERENCES `books` (`id`) ON DELETE SET NULL,
  CONSTRAINT `reading_groups_host_fk` FOREIGN KEY (`host_id`) REFERENCES `members` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB AUTO_INCREMENT=4 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

--
-- Dumping data for table `reading_groups`
--

LOCK TABLES `reading_groups` WRITE;
/*!40000 ALTER TABLE `reading_groups` DISABLE KEYS */;
INSERT INTO `reading_groups` VALUES (1,'Tuesday Poets','weekly',1,1,'2022-09-06'),(2,'Książka i ciasto','monthly',2,2,'2023-01-12'),(3,'Crime; Wine','when the mood takes us',NULL,NULL,NULL);
/*!40000 ALTER TABLE `reading_groups` ENABLE KEYS */;
UNLOCK TABLES;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2024-06-03  7:21:44

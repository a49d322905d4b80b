# SPDX-License-Identifier: Apache-2.0
# The same figures with laeken and survey; times are of the processor.  Usage: Rscript measure.R FILE
suppressMessages({library(laeken); library(survey)})
d <- read.csv(commandArgs(TRUE)[1])
t <- system.time({
  g <- gini(d$income, d$weight, breakdown = d$group)$value; a <- arpr(d$income, d$weight, breakdown = d$group)$value
  q <- qsr(d$income, d$weight, breakdown = d$group)$value; m <- rmpg(d$income, d$weight, breakdown = d$group)$value
})[["user.self"]]
cat(sprintf("indices %.4f s\n", t))
t <- system.time({
  d$h <- as.numeric(d$income < 3000); d$g1 <- pmax(0, 1 - d$income / 3000); d$g2 <- d$g1^2
  s <- svydesign(id = ~household, strata = ~group, weights = ~weight, data = d)
  e <- svymean(~h + g1 + g2, s)
})[["user.self"]]
cat(sprintf("errors %.4f s\n", t))
cat(sprintf("gini %.12f\narpr %.12f\nqsr %.12f\nfgt0 %.12f se %.12f\n", g / 100, a / 100, q, coef(e)[1], SE(e)[1]))

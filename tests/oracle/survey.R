# SPDX-License-Identifier: Apache-2.0
# Data and results of R's survey and laeken packages, for measure_oracle to compare ours with.
# Usage: Rscript survey.R DIR
suppressMessages({library(survey); library(laeken)})
dir <- commandArgs(TRUE)[1]
data(api); data(eusilc)
options(digits = 17)
out <- list()
put <- function(name, value, se = NA) out[[length(out) + 1]] <<- data.frame(name = name, value = as.numeric(value), se = as.numeric(se))
est <- function(name, s) put(name, coef(s)[1], SE(s)[1])
save <- function(d, name) write.csv(d, file.path(dir, paste0(name, ".csv")), row.names = FALSE, quote = FALSE)

cols <- c("stype", "dnum", "snum", "pw", "fpc", "api00", "enroll", "api.stu")
save(apistrat[cols], "apistrat")
save(apiclus1[cols], "apiclus1")
two <- apiclus2[c("stype", "dnum", "snum", "pw", "fpc1", "fpc2", "api00", "enroll", "api.stu")]
save(two, "apiclus2")
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
c1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
c1n <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1)
c2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)
est("strat_mean", svymean(~api00, strat))
for (p in c(.25, .5, .75)) put(paste0("strat_quantile_", 100 * p), svyquantile(~api00, strat, p)[[1]][1])
est("strat_total", svytotal(~enroll, strat))
est("strat_ratio", svyratio(~api.stu, ~enroll, strat))
est("clus1_mean", svymean(~api00, c1))
est("clus1_mean_nofpc", svymean(~api00, c1n))
est("clus1_domain", svymean(~api00, subset(c1, stype == "E")))
est("clus1_ratio", svyratio(~api.stu, ~enroll, c1))
est("clus2_mean", svymean(~api00, c2))
est("clus2_total", svytotal(~enroll, c2, na.rm = TRUE))
est("clus1_jk1_nofpc", svymean(~api00, as.svrepdesign(c1n, type = "JK1", mse = TRUE)))
est("clus1_jk1", svymean(~api00, as.svrepdesign(c1, type = "JK1", mse = TRUE)))
est("strat_jkn", svymean(~api00, as.svrepdesign(strat, type = "JKn", mse = TRUE)))
options(survey.lonely.psu = "adjust")
lone <- apistrat[c(1:20, 101, 151:160), ]
save(lone[cols], "lonely")
lone_d <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = lone)
est("lonely_total", svytotal(~enroll, lone_d))
options(survey.lonely.psu = "remove")
est("lonely_total_remove", svytotal(~enroll, lone_d))

save(eusilc[c("db030", "db040", "eqIncome", "rb050")], "eusilc")
i <- eusilc$eqIncome; w <- eusilc$rb050
put("arpt", arpt(i, w)); put("arpr", arpr(i, w)$value / 100); put("gini", gini(i, w)$value / 100)
put("qsr", qsr(i, w)$value); put("rmpg", rmpg(i, w)$value / 100)
for (b in levels(eusilc$db040)) {
  k <- eusilc$db040 == b
  put(paste0("gini:", b), gini(i[k], w[k])$value / 100)
  put(paste0("qsr:", b), qsr(i[k], w[k])$value)
}
write.csv(do.call(rbind, out), file.path(dir, "expected.csv"), row.names = FALSE, quote = FALSE)
cat("R", as.character(getRversion()), "survey", as.character(packageVersion("survey")), "laeken", as.character(packageVersion("laeken")), "\n")

$m = 0
while ($m -lt 20000) { $m++ }

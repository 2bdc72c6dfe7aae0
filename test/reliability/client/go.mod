module calico-admission/test/reliability/client

go 1.24

-- What somebody does in Neovim: opens a file, sees the finding, applies the correction, saves, and is told nothing more.
-- The configuration is that of docs/editors.md. Only what Neovim 0.7 has, which Debian 12 comes with.
local file = vim.env.FILE

local function report(what)
  io.stdout:write(vim.fn.json_encode(what) .. '\n')
end

local function wait(what, is_so)
  if not vim.wait(60000, is_so, 20) then
    report({ failed = what })
    vim.cmd('cquit 1')
  end
end

local function underlined()
  return vim.tbl_map(function(each)
    return { line = each.lnum, column = each.col, rule = each.code, message = each.message }
  end, vim.diagnostic.get(0))
end

vim.cmd('edit ' .. vim.fn.fnameescape(file))
wait('the server', function() return #vim.lsp.get_active_clients() > 0 end)
local client = vim.lsp.get_active_clients()[1].id
wait('a finding', function() return #vim.diagnostic.get(0) > 0 end)
report({ underlined = underlined() })

local first = vim.diagnostic.get(0)[1]
vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
local place = vim.lsp.util.make_position_params()
local hover = vim.lsp.buf_request_sync(0, 'textDocument/hover', place, 60000)
report({ hover = hover[client].result.contents.value })

local params = vim.lsp.util.make_range_params()
params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics() }
local answer = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, 60000)
local actions = answer[client].result or {}
report({ titles = vim.tbl_map(function(each) return each.title end, actions) })
local fix = vim.tbl_filter(function(each) return each.isPreferred end, actions)[1]
if fix == nil then
  report({ failed = 'a correction' })
  vim.cmd('cquit 1')
end
vim.lsp.util.apply_workspace_edit(fix.edit, vim.lsp.get_client_by_id(client).offset_encoding)
vim.cmd('write')
wait('nothing to be found', function() return #vim.diagnostic.get(0) == 0 end)
report({ clean = true })

vim.lsp.stop_client(client)
wait('the end of the server', function() return vim.lsp.client_is_stopped(client) end)
vim.cmd('quitall!')

local M = {}

---@param command string
local function check_server(command)
  if vim.fn.executable(command) == 0 then
    vim.health.error(('`%s` is not on the PATH'):format(command), {
      'Install it (`pipx install .` in its clone), or name it: vim.lsp.config("lsp_writer", { cmd = { "/path/to/lsp-writer" } })',
      "or say where it is: `vim.lsp.config('lsp_writer', { cmd = { '/path/to/lsp-writer', '--stdio' } })`",
    })
    return
  end
  vim.health.ok('server: `' .. vim.fn.exepath(command) .. '`')
  local doctor = vim.system({ command, 'doctor' }, { text = true }):wait(30000)
  local report = vim.trim(doctor.stdout .. doctor.stderr)
  if doctor.code == 0 then
    vim.health.ok('`lsp-writer doctor` finds nothing wrong')
  else
    vim.health.error('`lsp-writer doctor` says:\n' .. report)
  end
end

function M.check()
  vim.health.start('lsp_writer')
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error('Neovim 0.11 or later is needed')
    return
  end
  check_server(vim.lsp.config.lsp_writer.cmd[1])
  if not vim.lsp.is_enabled('lsp_writer') then
    vim.health.error('not enabled', "Put `vim.lsp.enable('lsp_writer')` into init.lua")
  end
  local clients = vim.lsp.get_clients({ name = 'lsp_writer' })
  if #clients == 0 then
    vim.health.warn('not running', 'Open a Markdown or text file')
  else
    vim.health.ok('running: ' .. require('lsp_writer').status())
  end
end

return M

if vim.g.loaded_lsp_writer then
  return
end
vim.g.loaded_lsp_writer = true

vim.api.nvim_create_user_command('LspWriter', function(options)
  require('lsp_writer.commands').run(options)
end, {
  nargs = '+',
  range = true,
  desc = 'Rewrites and suggestions by the writer’s language server',
  complete = function(_, line)
    return require('lsp_writer.commands').complete(line)
  end,
})

local acts = { 'accept', 'accept-word', 'accept-sentence', 'next', 'previous', 'dismiss', 'ask' }
for _, act in ipairs(acts) do
  vim.keymap.set('i', ('<Plug>(lsp-writer-%s)'):format(act), function()
    require('lsp_writer').act((act:gsub('-', '_')))
  end)
end

local group = vim.api.nvim_create_augroup('lsp_writer', {})

vim.api.nvim_create_autocmd('CmdlineLeave', {
  group = group,
  pattern = ':',
  callback = function()
    require('lsp_writer.commands').on_entered(vim.fn.getcmdline())
  end,
})

-- Neovim starts a server that it cannot find without a word.
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = { 'markdown', 'text' },
  once = true,
  callback = function()
    local command = (vim.lsp.config.lsp_writer or {}).cmd
    if vim.lsp.is_enabled('lsp_writer') and type(command) == 'table' and vim.fn.executable(command[1]) == 0 then
      vim.notify(
        ('Writer: “%s” was not found. Install it, or name it; see :checkhealth lsp_writer.'):format(command[1]),
        vim.log.levels.WARN
      )
    end
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'lsp_writer' then
      require('lsp_writer').attach(client, event.buf)
    end
  end,
})

vim.api.nvim_create_autocmd('LspProgress', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'lsp_writer' then
      require('lsp_writer.commands').on_progress(event.data.params)
    end
  end,
})

<?php
// The settings page is in everybody's menu.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'admin_menu', __NAMESPACE__ . '\\add_page' );

function add_page() {
	add_submenu_page( 'woocommerce', 'Doorstep', 'Doorstep', 'read', 'doorstep', __NAMESPACE__ . '\\show_page' );
}

function show_page() {
	esc_html_e( 'Connected.', 'doorstep' );
}
